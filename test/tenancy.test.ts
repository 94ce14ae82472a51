import { describe, expect } from 'vitest';
import { test } from './home.ts';
import { operations, REQUESTS } from './operations.ts';

const MEMBERS_ONLY = operations().filter(({ isPublic }) => !isPublic);
const OWN = /auth|^(GET|POST) \/api\/residences\/$/;
const OWNERS = /^(PUT|PATCH|DELETE) \/api\/residences/;

const expected = (name: string) => {
  if (OWN.test(name)) return { owner: 2, member: 2, viewer: 2, stranger: 2 };
  const writes = !name.startsWith('GET');
  return { owner: 2, member: OWNERS.test(name) ? 403 : 2, viewer: writes ? 403 : 2, stranger: 404 };
};

test('every operation of members is in the matrix', () => {
  expect(MEMBERS_ONLY.map(({ name }) => name).sort()).toEqual(Object.keys(REQUESTS).sort());
});

describe.each(Object.entries(REQUESTS))('%s', (name, requestFor) => {
  const [method = ''] = name.split(' ');

  test('answers each role as it must', async ({ world }) => {
    const home = await world.home();
    for (const role of ['stranger', 'viewer', 'member', 'owner'] as const) {
      const task = await world.task(home.owner, home.residence_id);
      const { path, body } = requestFor({ residence_id: home.residence_id, task_id: task.id });
      const { status } = await world.send(method, path, home[role], body);
      const want = expected(name)[role];
      expect(want === 2 ? Math.floor(status / 100) : status, role).toBe(want);
    }
  });

  test('turns away who has no token, a made-up one, or one that is spent', async ({ world }) => {
    const home = await world.home();
    const task = await world.task(home.owner, home.residence_id);
    const { path, body } = requestFor({ residence_id: home.residence_id, task_id: task.id });
    const made_up = { ...home.owner, token: `hd_${'x'.repeat(43)}` };
    await world.rows(`update user_authtoken set last_used_at = now() - interval '181 days' where user_id = $1`, [
      home.member.user_id,
    ]);
    for (const who of [null, made_up, home.member]) {
      const answer = await world.send(method, path, who, body);
      expect([answer.status, answer.body.code]).toEqual([401, 'unauthenticated']);
    }
  });

  test('a stranger leaves nothing behind, and learns no more than of a missing id', async ({ world }) => {
    if (OWN.test(name)) return;
    const home = await world.home();
    const task = await world.task(home.owner, home.residence_id);
    const traces = `select (select count(*) from audit_log) a, (select count(*) from outbox) o, (select count(*) from change_log) c,
      (select count(*) from idempotency_key) k, (select sum(version) from residence_version) v, (select count(*) from task_task) t`;
    const before = await world.rows(traces);
    const foreign = requestFor({ residence_id: home.residence_id, task_id: task.id });
    const missing = requestFor({ residence_id: 999_999, task_id: 999_999 });
    const headers = { 'idempotency-key': 'stranger' };
    const answers = [
      await world.send(method, foreign.path, home.stranger, foreign.body, { headers }),
      await world.send(method, missing.path, home.stranger, missing.body, { headers }),
    ];
    const [first, second] = answers.map(({ status, body }) => ({ status, ...body, request_id: '' }));
    expect(first).toEqual(second);
    expect(await world.rows(traces)).toEqual(before);
  });
});

test('a former member is a stranger', async ({ world }) => {
  const { member, residence_id } = await world.home();
  await world.rows('delete from residence_residence_users where user_id = $1', [member.user_id]);
  expect((await world.send('GET', `/api/residences/${residence_id}/`, member)).status).toBe(404);
});
