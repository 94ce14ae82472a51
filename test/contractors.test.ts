import { sql } from 'drizzle-orm';
import { expect } from 'vitest';
import { readContractors } from '../db/contractor-lists.ts';
import { Contractor } from '../domain/contractor.ts';
import { sha256 } from '../domain/session.ts';
import { NOW, type Person, test, type World } from './home.ts';

const hire = async (world: World, by: Person, input: object) =>
  (await world.send('POST', '/api/contractors/', by, { name: 'Ada Pipes', ...input })).body;

const names = async (world: World, by: Person, query: string) => {
  const { body } = await world.send('GET', `/api/contractors/${query}`, by);
  return body.results.map(({ name }: { name: string }) => name);
};

test('keep, read, change, replace and delete a contractor of a home', async ({ world }) => {
  const { owner, member, viewer, residence_id } = await world.home();
  const made = await world.send('POST', '/api/contractors/', member, {
    residence_id,
    name: ' Ada Pipes ',
    company: 'Pipes & Sons',
    email: 'ada@example.com',
    website: 'https://example.com/ada',
    rating: 4.3,
    specialty_ids: [16, 9],
  });
  expect(made.status).toBe(201);
  expect(Contractor.strict().parse(made.body)).toMatchObject({
    name: 'Ada Pipes',
    rating: 4.3,
    is_favorite: false,
    is_shared: true,
    residence_id,
    specialty_ids: [9, 16],
    specialties: [{ name: 'HVAC Technician' }, { name: 'Plumber' }],
    task_count: 0,
    notes: null,
  });
  const path = `/api/contractors/${made.body.id}/`;
  const read = await world.send('GET', path, viewer);
  expect([read.body, read.headers.get('etag')]).toEqual([made.body, made.headers.get('etag')]);

  const patched = await world.send('PATCH', path, owner, { specialty_ids: [16, 1], phone: '+1 512 555 0100' });
  expect(patched.body).toMatchObject({ specialty_ids: [1, 16], phone: '+1 512 555 0100', company: 'Pipes & Sons' });
  const put = await world.send('PUT', path, owner, { name: 'Ada Tubes' });
  expect(put.body).toMatchObject({ name: 'Ada Tubes', company: null, rating: null, specialty_ids: [], residence_id });

  const task = await world.task(owner, residence_id);
  await world.rows('update task_task set contractor_id = $1 where id = $2', [made.body.id, task.id]);
  expect((await world.send('DELETE', path, member)).status).toBe(204);
  expect((await world.send('GET', path, owner)).status).toBe(404);
  expect((await world.send('GET', `/api/tasks/${task.id}/`, owner)).body.contractor_id).toBeNull();

  const trace = await world.rows(
    `select action, actor_id::int from audit_log where target_type = 'contractor' order by id`,
  );
  expect(trace).toEqual([
    { action: 'created', actor_id: member.user_id },
    { action: 'updated', actor_id: owner.user_id },
    { action: 'updated', actor_id: owner.user_id },
    { action: 'deleted', actor_id: member.user_id },
  ]);
  const logged = `select action from change_log where type = 'contractor' and residence_id = $1 order by version, n`;
  const actions = (await world.rows(logged, [residence_id])).map(({ action }) => action);
  expect(actions).toEqual(['created', 'updated', 'updated', 'deleted']);
  const facts = await world.rows(`select event from outbox where event->>'contractor_id' is not null order by id`);
  const about = { residence_id, contractor_id: made.body.id };
  expect(facts.map(({ event }) => event)).toEqual(
    ['created', 'updated', 'updated', 'deleted'].map((word) => ({ type: `contractor.${word}`, ...about })),
  );
});

test('the specialties alone move the row, and its validator', async ({ world }) => {
  const { owner, member, residence_id } = await world.home();
  const { id } = await hire(world, owner, { residence_id });
  const path = `/api/contractors/${id}/`;
  const etag = (await world.send('GET', path, owner)).headers.get('etag') ?? '';
  await world.send('PATCH', path, member, { specialty_ids: [5] });
  const late = await world.send('PATCH', path, owner, { name: 'Late' }, { headers: { 'if-match': etag } });
  expect([late.status, late.body.code]).toEqual([412, 'precondition_failed']);
  expect(late.headers.get('etag')).toMatch(/^"2\./);
});

test('a personal contractor is its owner’s alone, until it is shared with a home for good', async ({ world }) => {
  const { owner, member, viewer, stranger, residence_id, elsewhere } = await world.home();
  const { id, ...made } = await hire(world, member, { specialty_ids: [16] });
  expect(made).toMatchObject({ residence_id: null, is_shared: false });
  const path = `/api/contractors/${id}/`;
  for (const who of [owner, viewer, stranger]) {
    expect((await world.send('GET', path, who)).status).toBe(404);
    expect((await world.send('PATCH', path, who, { name: 'x' })).status).toBe(404);
    expect((await world.send('DELETE', path, who)).status).toBe(404);
    expect(await names(world, who, '')).toEqual([]);
  }
  expect((await world.send('GET', `${path}tasks/`, member)).body).toEqual({ results: [], next_cursor: null });

  const versions = `select version::int from residence_version where residence_id = any ($1) order by residence_id`;
  const before = await world.rows(versions, [[residence_id, elsewhere]]);
  expect((await world.send('PATCH', path, member, { residence_id: elsewhere })).status).toBe(404);
  expect(await world.rows(versions, [[residence_id, elsewhere]])).toEqual(before);

  const shared = await world.send('PATCH', path, member, { residence_id });
  expect([shared.status, shared.body]).toMatchObject([200, { is_shared: true, residence_id, specialty_ids: [16] }]);
  expect(await names(world, viewer, '')).toEqual(['Ada Pipes']);
  const [change] = await world.rows(`select action, residence_id::int from change_log where type = 'contractor'`);
  expect(change).toEqual({ action: 'created', residence_id });
  for (const other of [null, elsewhere]) {
    const moved = await world.send('PATCH', path, owner, { residence_id: other });
    expect([moved.status, Object.keys(moved.body.fields)]).toEqual([400, ['residence_id']]);
  }
  const put = await world.send('PUT', path, owner, { name: 'Stays' });
  expect(put.body).toMatchObject({ name: 'Stays', residence_id });
});

test('a viewer may not share what is theirs with the home', async ({ world }) => {
  const { viewer, residence_id } = await world.home();
  const { id } = await hire(world, viewer, {});
  const shared = await world.send('PATCH', `/api/contractors/${id}/`, viewer, { residence_id });
  expect([shared.status, shared.body.code]).toEqual([403, 'forbidden']);
  expect((await world.send('GET', `/api/contractors/${id}/`, viewer)).body.is_shared).toBe(false);
});

test('only a contractor of its home can be a task’s', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  const [ours, mine] = [await hire(world, owner, { residence_id }), await hire(world, owner, {})];
  const { id } = await world.task(owner, residence_id);
  await world.rows('update task_task set contractor_id = $1 where id = $2', [ours.id, id]);
  const link = world.rows('update task_task set contractor_id = $1 where id = $2', [mine.id, id]);
  await expect(link).rejects.toThrow('task_task_contractor_is_of_home');
});

test('a favourite is toggled by an empty body and set by a full one', async ({ world }) => {
  const { owner, member, viewer, residence_id } = await world.home();
  const { id } = await hire(world, owner, { residence_id });
  const path = `/api/contractors/${id}/toggle-favorite/`;
  const steps: [input: object | undefined, is_favorite: boolean][] = [
    [undefined, true],
    [{}, false],
    [{ is_favorite: true }, true],
    [{ is_favorite: true }, true],
    [undefined, false],
  ];
  for (const [input, is_favorite] of steps) {
    const answer = await world.send('POST', path, member, input);
    expect([answer.status, answer.body.is_favorite]).toEqual([200, is_favorite]);
  }
  expect((await world.send('POST', path, viewer)).status).toBe(403);
  expect((await world.send('POST', path, owner, { is_favorite: 'yes' })).status).toBe(400);
  const keyed = { headers: { 'idempotency-key': 'twice' } };
  const answers = [
    await world.send('POST', path, owner, undefined, keyed),
    await world.send('POST', path, owner, undefined, keyed),
  ];
  expect(answers.map(({ body }) => body.is_favorite)).toEqual([true, true]);
});

test('lists by name, page by page, and filters', async ({ world }) => {
  const { owner, stranger, residence_id, elsewhere } = await world.home();
  await hire(world, stranger, { residence_id: elsewhere, name: 'Of others' });
  await hire(world, owner, { residence_id, name: 'émile', specialty_ids: [16] });
  await hire(world, owner, { residence_id, name: 'Zoë 100%', company: 'Roof_tops', is_favorite: true });
  await hire(world, owner, { name: 'bob', specialty_ids: [5] });
  for (const name of ['Ann', 'ann', 'Ann']) await hire(world, owner, { residence_id, name });
  expect(await names(world, owner, '')).toEqual(['Ann', 'ann', 'Ann', 'bob', 'Zoë 100%', 'émile']);

  const seen: string[] = [];
  let cursor = '';
  do {
    const page = `/api/contractors/?limit=1${cursor && `&cursor=${cursor}`}`;
    const { body } = await world.send('GET', page, owner);
    seen.push(...body.results.map(({ name }: { name: string }) => name));
    cursor = body.next_cursor;
  } while (cursor);
  expect(seen).toEqual(['Ann', 'ann', 'Ann', 'bob', 'Zoë 100%', 'émile']);

  expect(await names(world, owner, '?search=ANN')).toEqual(['Ann', 'ann', 'Ann']);
  expect(await names(world, owner, `?search=${encodeURIComponent('0%')}`)).toEqual(['Zoë 100%']);
  expect(await names(world, owner, '?search=f_t')).toEqual(['Zoë 100%']);
  expect(await names(world, owner, '?search=_')).toEqual(['Zoë 100%']);
  expect(await names(world, owner, `?search=${encodeURIComponent('\\')}`)).toEqual([]);
  expect(await names(world, owner, '?search=plumb')).toEqual(['émile']);
  expect(await names(world, owner, '?specialty=5')).toEqual(['bob']);
  expect(await names(world, owner, '?specialty=plumber')).toEqual(['émile']);
  expect(await names(world, owner, '?is_favorite=true')).toEqual(['Zoë 100%']);
  expect(await names(world, owner, '?is_favorite=false&search=b')).toEqual(['bob', 'émile']);
  expect(await names(world, owner, `?residence_id=${residence_id}&search=b`)).toEqual(['émile']);
  expect(await names(world, owner, `by-residence/${residence_id}/?search=o`)).toEqual(['Zoë 100%']);
  expect((await world.send('GET', `/api/contractors/?residence_id=${elsewhere}`, owner)).status).toBe(404);
  expect((await world.send('GET', '/api/contractors/?is_favorite=maybe', owner)).status).toBe(400);
  expect((await world.send('GET', '/api/contractors/?cursor=W10', owner)).status).toBe(400);
});

test('a contractor’s tasks, page by page, and how many there are', async ({ world }) => {
  const { owner, viewer, residence_id } = await world.home();
  const { id } = await hire(world, owner, { residence_id });
  await world.rows(
    `insert into task_task (residence_id, title, due_date, contractor_id)
     select $1, 'T' || n, case when n % 3 > 0 then date '2026-05-01' - n / 2 end, case when n <= 7 then $2::bigint end
     from generate_series(1, 9) n`,
    [residence_id, id],
  );
  const seen: string[] = [];
  let cursor = '';
  do {
    const page = `/api/contractors/${id}/tasks/?limit=2${cursor && `&cursor=${cursor}`}`;
    const { body } = await world.send('GET', page, viewer);
    seen.push(...body.results.map(({ title }: { title: string }) => title));
    cursor = body.next_cursor;
  } while (cursor);
  expect(seen).toEqual(['T7', 'T4', 'T5', 'T2', 'T1', 'T3', 'T6']);
  expect((await world.send('GET', `/api/contractors/${id}/`, viewer)).body.task_count).toBe(7);
});

test('refuses what does not fit, field by field', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  const misfits: [object, string][] = [
    [{ name: ' ' }, 'name'],
    [{ name: 'x'.repeat(201) }, 'name'],
    [{ email: 'nobody' }, 'email'],
    [{ website: 'javascript:alert(1)' }, 'website'],
    [{ website: 'example.com' }, 'website'],
    [{ website: 'http:example.com' }, 'website'],
    [{ rating: 5.1 }, 'rating'],
    [{ rating: -1 }, 'rating'],
    [{ rating: 4.25 }, 'rating'],
    [{ specialty_ids: [5, 5] }, 'specialty_ids'],
    [{ specialty_ids: Array.from({ length: 21 }, (_, n) => n + 1) }, 'specialty_ids'],
    [{ specialty_ids: [999] }, 'specialty_ids'],
    [{ phone: 'a\0b' }, 'phone'],
  ];
  for (const [input, field] of misfits) {
    const answer = await world.send('POST', '/api/contractors/', owner, { residence_id, name: 'x', ...input });
    expect([answer.status, Object.keys(answer.body.fields ?? {})], JSON.stringify(input)).toEqual([400, [field]]);
  }
  for (const rating of [0, 0.1, 2.9, 4.7, 5]) {
    expect((await hire(world, owner, { residence_id, rating })).rating).toBe(rating);
  }
  expect(await world.rows('select count(*)::int n from task_contractor')).toEqual([{ n: 5 }]);
});

test('the tier of the home’s owner, or one’s own, sets the limit; sharing with one’s own home is no more', async ({
  world,
}) => {
  const { owner, member, residence_id } = await world.home();
  await world.rows('update subscription_subscriptionsettings set limitations_enabled = true');
  const personal = await hire(world, owner, {});
  await hire(world, owner, { residence_id });
  const last = await hire(world, member, { residence_id });
  const full = await world.send('POST', '/api/contractors/', member, { residence_id, name: 'Too many' });
  expect([full.status, full.body]).toMatchObject([
    403,
    { code: 'tier_limit_reached', kind: 'contractors', limit: 3, usage: 3 },
  ]);
  const own = await hire(world, member, {});
  const shared = await world.send('PATCH', `/api/contractors/${own.id}/`, member, { residence_id });
  expect([shared.status, shared.body.code]).toEqual([403, 'tier_limit_reached']);
  expect((await world.send('PATCH', `/api/contractors/${personal.id}/`, owner, { residence_id })).status).toBe(200);
  await world.send('DELETE', `/api/contractors/${last.id}/`, member);
  expect((await world.send('PATCH', `/api/contractors/${own.id}/`, member, { residence_id })).status).toBe(200);
});

test('among many homes a list reads its own by index', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  await hire(world, owner, { residence_id });
  await world.rows(`insert into residence_residence (name) select 'Home ' || n from generate_series(1, 2000) n`);
  await world.rows(
    `insert into task_contractor (residence_id, name) select id, 'C' from residence_residence, generate_series(1, 5)`,
  );
  await world.rows('analyze');
  const who = { digest: sha256(owner.token), zone: null, now: NOW };
  const query = readContractors(world.ports.db, who, { limit: 50, after: null }, []);
  const { rows } = await world.ports.db.execute<{ 'QUERY PLAN': string }>(sql`explain ${query}`);
  const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
  expect(plan).not.toContain('Seq Scan on task_contractor ');
  expect(plan).toContain('task_contractor_home_key');
});
