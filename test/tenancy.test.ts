import { expect } from 'vitest';
import { testTogether as test } from './home.ts';
import { answersOf, type Subject } from './operations/sample.ts';
import { operations, SAMPLES } from './operations.ts';

const MEMBERS_ONLY = operations().filter(({ isPublic }) => !isPublic);

const TRACES = `select (select count(*) from audit_log) a, (select count(*) from outbox) o, (select count(*) from change_log) c,
  (select count(*) from idempotency_key) k, (select sum(version) from residence_version) v, (select count(*) from task_task) t`;

test('every operation of members is in the matrix', () => {
  expect(MEMBERS_ONLY.map(({ name }) => name).sort()).toEqual(Object.keys(SAMPLES).sort());
});

test.for(Object.entries(SAMPLES))('%s', async ([name, sample], { world }) => {
  const [method = ''] = name.split(' ');
  const answers = answersOf(name, sample);
  /** The request as somebody would send it, about a home of its own. */
  const prepared = async (role: keyof typeof answers) => {
    const home = await world.home();
    const task = await world.task(home.owner, home.residence_id);
    const more = await sample.make?.(world, home, home[role]);
    return { home, ...sample.request({ residence_id: home.residence_id, task_id: task.id, ...more }) };
  };

  /** From an address of its own, or those who share it would use its attempts up. */
  const send = (...[method, path, by, body, more]: Parameters<typeof world.send>) =>
    world.send(method, path, by, body, { ...more, ports: { address: crypto.randomUUID() } });

  for (const role of ['stranger', 'viewer', 'member', 'owner'] as const) {
    const { home, path, body, headers } = await prepared(role);
    const { status } = await send(method, path, home[role], body, { headers });
    expect(answers[role] === 2 ? Math.floor(status / 100) : status, role).toBe(answers[role]);
  }

  const { home, path, body, headers } = await prepared('owner');
  const made_up = { ...home.owner, token: `hd_${'x'.repeat(43)}` };
  await world.rows(`update user_authtoken set last_used_at = now() - interval '181 days' where user_id = $1`, [
    home.member.user_id,
  ]);
  for (const who of [null, made_up, home.member]) {
    const answer = await send(method, path, who, body, { headers });
    expect([answer.status, answer.body.code]).toEqual([401, 'unauthenticated']);
  }

  // A stranger leaves nothing behind, and learns no more than of a missing id.
  if (answers.stranger === 2) return;
  const foreign = await prepared('stranger');
  const missing = sample.request(new Proxy({} as Subject, { get: () => 999_999 }));
  const before = await world.rows(TRACES);
  const replies = [];
  for (const { path, body, headers } of [foreign, missing]) {
    const more = { headers: { ...headers, 'idempotency-key': 'stranger' } };
    replies.push(await send(method, path, foreign.home.stranger, body, more));
  }
  const [first, second] = replies.map(({ status, body }) => ({ status, ...body, request_id: '' }));
  expect(first).toEqual(second);
  expect(await world.rows(TRACES)).toEqual(before);
});

test('a former member is a stranger', async ({ world }) => {
  const { member, residence_id } = await world.home();
  await world.rows('delete from residence_residence_users where user_id = $1', [member.user_id]);
  expect((await world.send('GET', `/api/residences/${residence_id}/`, member)).status).toBe(404);
});
