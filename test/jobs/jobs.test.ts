import { expect } from 'vitest';
import { downloadToken } from '../../domain/download.ts';
import type { Files } from '../../domain/file.ts';
import { LongJob } from '../../domain/long-job.ts';
import { MailError } from '../../domain/mail.ts';
import type { MakePaper } from '../../domain/paper.ts';
import { consumed, countOf, statesOf, withBatch } from '../consumer.ts';
import { type Person, testTogether as test, type World } from '../home.ts';
import { keysIn, storageOf } from '../uploads/storage.ts';
import { discardAll, fetched, mailAll, makeAll, waiting } from './origin.ts';

/** Stands for what takes long: a few bytes after a few steps. */
const paper =
  (during: () => Promise<unknown> = async () => undefined): MakePaper =>
  async (_job, progress) => ({
    filename: 'Maple House 🏡.pdf',
    content_type: 'application/pdf',
    body: (async function* () {
      await progress(50);
      await during();
      yield new TextEncoder().encode('%PDF-1.7\n');
      await progress(90);
    })(),
  });

const ask = (world: World, by: Person, residence_id: number, rest = '', more = {}) =>
  world.send('POST', `/api/residences/${residence_id}/report/${rest}`, by, undefined, more);
const jobOf = async (world: World, by: Person, id: number) => (await world.send('GET', `/api/jobs/${id}/`, by)).body;

test('a report is asked for once, made, fetched by its owner alone, and removed with its object', async ({ world }) => {
  const { viewer, owner, residence_id } = await world.home();
  const key = { headers: { 'idempotency-key': 'k', 'x-timezone': 'Asia/Tokyo' } };
  const asked = await ask(world, viewer, residence_id, '?download=true', key);
  expect([asked.status, asked.headers.get('ratelimit')]).toEqual([
    202,
    expect.stringMatching(/^"long_job";r=9;t=\d+$/),
  ]);
  const { id } = LongJob.strict().parse(asked.body);
  expect(asked.body).toMatchObject({ kind: 'report', residence_id, state: 'waiting', progress: 0, download_url: null });
  const again = await ask(world, viewer, residence_id, '?download=true', key);
  expect([again.status, again.body, again.headers.get('idempotency-replayed')]).toEqual([202, asked.body, 'true']);
  expect(await ask(world, viewer, residence_id)).toMatchObject({ status: 409, body: { code: 'conflict' } });
  expect((await world.send('GET', `/api/jobs/${id}/file/`, viewer)).status).toBe(404);

  await makeAll(
    world,
    paper(async () => expect(await jobOf(world, viewer, id)).toMatchObject({ state: 'running', progress: 50 })),
  );
  const done = await jobOf(world, viewer, id);
  expect(done).toMatchObject({ state: 'done', progress: 100, size: 9, filename: 'Maple House 🏡.pdf', error: null });
  expect(Date.parse(done.expires_at) - Date.parse(done.finished_at)).toBe(86_400_000);
  const found = await world.send('GET', done.download_url, viewer);
  expect([found.status, found.headers.get('cache-control')]).toEqual([302, 'private, no-store']);
  const location = found.headers.get('location') ?? '';
  const stored = await fetch(location);
  expect([await stored.text(), stored.headers.get('content-disposition')]).toEqual([
    '%PDF-1.7\n',
    expect.stringMatching(/^attachment; .*Maple%20House%20%F0%9F%8F%A1\.pdf/),
  ]);
  expect(new URL(location).searchParams.get('X-Amz-Expires')).toBe('300');
  expect(await waiting(world, 'job.finished')).toEqual([]);
  for (const path of [`/api/jobs/${id}/`, `/api/jobs/${id}/file/`]) {
    expect((await world.send('GET', path, owner)).status).toBe(404);
  }
  expect((await world.send('GET', '/api/jobs/', viewer)).body).toEqual({ results: [done], next_cursor: null });
  expect((await world.send('GET', '/api/jobs/', owner)).body.results).toEqual([]);

  expect((await world.send('DELETE', `/api/jobs/${id}/`, viewer)).status).toBe(204);
  expect((await world.send('GET', `/api/jobs/${id}/`, viewer)).status).toBe(404);
  await discardAll(world);
  expect(await keysIn(world)).toEqual([]);
  expect(
    await world.rows(`select action from audit_log where target_type = 'long_job' and target_id = $1 order by id`, [
      id,
    ]),
  ).toEqual([{ action: 'created' }, { action: 'deleted' }]);
});

test('a job that is cancelled stops at its next step and leaves nothing', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  const { body } = await ask(world, owner, residence_id);
  const cancel = () => world.send('DELETE', `/api/jobs/${body.id}/`, owner);
  await makeAll(
    world,
    paper(async () => expect((await cancel()).status).toBe(204)),
  );
  expect(world.logged).toContainEqual({ event: 'paper.stopped', job_id: body.id });
  expect(await jobOf(world, owner, body.id)).toMatchObject({ state: 'cancelled', download_url: null });
  await discardAll(world);
  expect(await keysIn(world)).toEqual([]);

  const next = await ask(world, owner, residence_id, '?kind=completions');
  expect(next).toMatchObject({ status: 202, body: { kind: 'completions' } });
  expect((await world.send('DELETE', `/api/jobs/${next.body.id}/`, owner)).status).toBe(204);
  await makeAll(world, async () => expect.unreachable('it was cancelled before it began'));
  // Cancelled after all of it was stored and before that was written down.
  const last = await ask(world, owner, residence_id);
  const late: MakePaper = async (job, progress) => {
    const made = await paper()(job, progress);
    return {
      ...made,
      body: (async function* () {
        yield* made.body;
        await world.send('DELETE', `/api/jobs/${last.body.id}/`, owner);
      })(),
    };
  };
  await makeAll(world, late);
  await discardAll(world);
  expect(await keysIn(world)).toEqual([]);
});

test('whoever works on it dies when all of it is stored: it is made once more, and one object is left', async ({
  world,
}) => {
  const { owner, residence_id } = await world.home();
  const { body } = await ask(world, owner, residence_id, '?download=true');
  const [event = 0] = await waiting(world, 'report.requested');
  await storageOf(world);
  const { files, db } = world.ports;
  let is_dead = false;
  const put: Files['put'] = async (...given) => {
    const written = await files.put(...given);
    is_dead = true;
    return written;
  };
  const dying = withBatch(db, async (send) => {
    if (is_dead) throw new DOMException('gone', 'AbortError');
    return await send();
  });
  const worker = { db: dying, files: { ...files, put }, makePaper: paper() };
  expect(await consumed(world, [event], { worker })).toEqual(['retry']);
  expect(await statesOf(world, [event])).toMatchObject([{ state: 'leased', attempts: 1 }]);
  const [lost] = await keysIn(world);

  await makeAll(world, paper());
  expect(await statesOf(world, [event])).toMatchObject([{ state: 'done', attempts: 2 }]);
  await discardAll(world);
  const keys = await keysIn(world);
  expect(keys).toHaveLength(1);
  expect(keys).not.toContain(lost);
  const { headers } = await world.send('GET', `/api/jobs/${body.id}/file/`, owner);
  expect(await fetched(headers.get('location') ?? '')).toHaveLength(9);
  await world.send('DELETE', `/api/jobs/${body.id}/`, owner);
  await discardAll(world);
});

test('what cannot be made is a dead letter, its job says so, and an operator may send it again', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  const { body } = await ask(world, owner, residence_id, '?download=true');
  await world.rows(
    `update outbox set attempts = 9 where event ->> 'job_id' = $1 and event ->> 'type' = 'report.requested'`,
    [`${body.id}`],
  );
  await makeAll(world, async () => {
    throw new Error('select secret from somewhere');
  });
  await world.tick('* * * * *');
  const failed = await jobOf(world, owner, body.id);
  expect(failed).toMatchObject({ state: 'failed', error: 'It could not be made. Ask for it again later.' });
  expect((await ask(world, owner, residence_id, '?download=true')).status).toBe(202);
  await world.rows(`update outbox set dead_at = null, attempts = 0 where event ->> 'job_id' = $1`, [`${body.id}`]);
  await world.rows(`delete from long_job where user_id = $1 and id <> $2`, [owner.user_id, body.id]);
  await makeAll(world, paper());
  expect(await jobOf(world, owner, body.id)).toMatchObject({ state: 'done' });
});

test('ten a day, one of a kind at a time, however many ask at once', async ({ world }) => {
  const { owner } = await world.home();
  const post = () => world.send('POST', '/api/auth/export/', owner);
  const first = await Promise.all(Array.from({ length: 5 }, post));
  expect(first.map(({ status }) => status).sort()).toEqual([202, 409, 409, 409, 409]);
  const used = (await world.rows(`select count from rate_counter where subject = $1`, [`long_job:${owner.user_id}`]))[0]
    .count;
  for (let n = used; n < 10; n += 1) {
    await world.rows(`delete from long_job where user_id = $1`, [owner.user_id]);
    expect((await post()).status, `${n}`).toBe(202);
  }
  await world.rows(`delete from long_job where user_id = $1`, [owner.user_id]);
  const refused = await post();
  expect([refused.status, refused.body.code, refused.headers.get('retry-after')]).toEqual([
    429,
    'rate_limited',
    expect.stringMatching(/^\d+$/),
  ]);
  expect(await countOf(world, `long_job where user_id = ${owner.user_id}`)).toBe(0);
});

test('a link is mailed, survives an outage of the mail, works without signing in, and ends with its job', async ({
  world,
}) => {
  const { member, residence_id } = await world.home();
  const { body } = await ask(world, member, residence_id);
  const { body: exported } = await world.send('POST', '/api/auth/export/', member);
  await makeAll(world, paper());
  const { mail } = world.ports;
  world.ports.mail = async () => {
    throw new MailError('temporary', 'away');
  };
  await mailAll(world);
  expect(world.mails).toEqual([]);
  world.ports.mail = mail;
  const objects = await keysIn(world);
  await mailAll(world);
  expect(await keysIn(world)).toEqual(objects);
  const sent = world.mails.toSorted((a, b) => b.subject.localeCompare(a.subject));
  expect(sent.map(({ to, subject }) => [to, subject])).toEqual([
    [`${member.username}@example.com`, 'Your report of “Maple House”'],
    [`${member.username}@example.com`, 'Your honeyDue data'],
  ]);
  const links = sent.map(({ text }) => new URL(/https:\S+?(?=>)/.exec(text)?.[0] ?? ''));
  for (const { pathname, search } of links) {
    const { status, headers } = await world.send('GET', `${pathname}${search}`, null);
    expect(status).toBe(302);
    expect(await fetched(headers.get('location') ?? '')).toHaveLength(9);
  }
  const [report] = links;
  const [key = ''] = world.ports.settings.signing_keys;
  const forged = await downloadToken(exported.id, `${key}!`);
  for (const t of ['', 'x', `${body.id}.`, forged, await downloadToken(999_999, key)]) {
    expect((await world.send('GET', `/api/downloads/?t=${t}`, null)).status, t).toBe(404);
  }
  // Whoever leaves a home has nothing of it any more.
  await world.rows('delete from residence_residence_users where user_id = $1', [member.user_id]);
  expect((await world.send('GET', `/api/downloads/${report?.search}`, null)).status).toBe(404);
  expect((await world.send('GET', `/api/jobs/${body.id}/`, member)).status).toBe(404);
  await world.send('DELETE', `/api/jobs/${exported.id}/`, member);
  expect((await world.send('GET', `/api/downloads/?t=${await downloadToken(exported.id, key)}`, null)).status).toBe(
    404,
  );
});

test('who has left the home meanwhile gets no report of it; a result is gone after a day', async ({ world }) => {
  const { member, owner, residence_id } = await world.home();
  const { body } = await ask(world, member, residence_id);
  await world.rows('delete from residence_residence_users where user_id = $1', [member.user_id]);
  await makeAll(world, async () => expect.unreachable('nobody may see it'));
  expect(await world.rows('select state from long_job where id = $1', [body.id])).toEqual([{ state: 'cancelled' }]);

  const { body: mine } = await ask(world, owner, residence_id);
  await makeAll(world, paper());
  await world.rows(`update long_job set expires_at = now() - interval '1 second' where id = $1`, [mine.id]);
  expect(await jobOf(world, owner, mine.id)).toMatchObject({ state: 'done', download_url: null });
  expect((await world.send('GET', `/api/jobs/${mine.id}/file/`, owner)).status).toBe(404);
});
