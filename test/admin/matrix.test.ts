import { expect } from 'vitest';
import { testTogether as test } from '../home.ts';
import { ADMIN } from '../operations/admin.ts';
import { adminOperations } from '../operations.ts';
import { asAdmin, codeOf, cookieOf, FROM_DASHBOARD, operator, signedIn } from './operator.ts';
import { things } from './things.ts';

/** Their own tests say who may, for they are about who one is. */
const WAYS_IN = ['POST /api/admin/login/', 'POST /api/admin/confirm/'];

const TRACES = `select (select count(*) from audit_log) a, (select count(*) from outbox) o, (select count(*) from admin_session) s,
  (select sum(version) from residence_version) v, (select sum(row_version) from auth_user) u`;

test('every operation of the dashboard is in the matrix', () => {
  expect(
    adminOperations()
      .map(({ name }) => name)
      .sort(),
  ).toEqual([...WAYS_IN, ...Object.keys(ADMIN)].sort());
});

test.for(Object.entries(ADMIN))('%s', async ([name, sample], { world }) => {
  const [method = ''] = name.split(' ');
  const isSafe = method === 'GET';
  const replies = adminOperations().find((operation) => operation.name === name)?.doc.replies;
  /** Somebody who is signed in, and the request about things of its own. */
  const prepared = async (role: 'admin' | 'support') => {
    const who = await signedIn(world, role);
    const common = await things(world, who.admin_id);
    return { ...who, ...sample.request({ ...common, ...(await sample.make?.(world, common)) }) };
  };
  const send = (cookie: string | null, { path, body }: { path: string; body?: object }, more = {}) =>
    asAdmin(world, method, path, cookie, body, more);

  const mine = await prepared('admin');
  const refused = async (answer: ReturnType<typeof send>, status: number, code: string) => {
    const { status: answered, body, headers } = await answer;
    expect([answered, body?.code], code).toEqual([status, code]);
    expect(headers.get('cache-control')).toBe('no-store');
  };

  // Nobody, a user's token, a made-up cookie, a user's token in the cookie's place or beside a good one.
  const { token } = await world.person(`user_${crypto.randomUUID().slice(0, 8)}`);
  const traces = await world.rows(TRACES);
  await refused(send(null, mine), 401, 'unauthenticated');
  await refused(send(null, mine, { headers: { authorization: `Token ${token}` } }), 401, 'unauthenticated');
  await refused(send(cookieOf(token), mine), 401, 'unauthenticated');
  await refused(send(cookieOf('hd_made_up'), mine), 401, 'unauthenticated');
  await refused(send(mine.cookie, mine, { headers: { authorization: `Token ${token}` } }), 401, 'unauthenticated');

  // Another site, in each way that one gives itself away.
  if (!isSafe) {
    const strange = [
      { origin: 'https://evil.example' },
      { origin: 'https://admin.example.com.evil.example' },
      { origin: '' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'none' },
      { 'content-type': 'text/plain' },
      { 'content-type': 'application/x-www-form-urlencoded' },
    ];
    for (const headers of strange) {
      await refused(send(mine.cookie, mine, { headers: { ...FROM_DASHBOARD, ...headers } }), 403, 'cross_site');
    }
  }

  // A session that was not used, an admin who was turned away, and an act that asks who one is once more.
  const set = (what: string) =>
    world.rows(`update ${what} where ${what.startsWith('admin_user') ? 'id' : 'admin_id'} = $1`, [mine.admin_id]);
  await set(`admin_session set last_used_at = now() - interval '61 minutes'`);
  await refused(send(mine.cookie, mine), 401, 'unauthenticated');
  await set('admin_session set last_used_at = now()');
  await set('admin_user set disabled_at = now()');
  await refused(send(mine.cookie, mine), 401, 'unauthenticated');
  await set('admin_user set disabled_at = null');
  await set(`admin_session set confirmed_at = now() - interval '11 minutes'`);
  if (sample.grave) await refused(send(mine.cookie, mine), 403, 'confirmation_required');
  if (sample.grave) await set('admin_session set confirmed_at = now()');
  const after = await world.rows(TRACES);
  // Turning an admin away and back is in the audit log as well.
  expect({ ...after[0], a: 0 }).toEqual({ ...traces[0], a: 0 });

  // Support reads.
  const theirs = await prepared('support');
  if (sample.support) expect((await send(theirs.cookie, theirs)).status).toBeLessThan(300);
  else await refused(send(theirs.cookie, theirs), 403, 'admins_only');

  // An admin, within the budget, and as documented.
  const trips = world.trips.length;
  const answer = await send(mine.cookie, mine);
  expect(answer.status, answer.text).toBeLessThan(300);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(answer.headers.get('x-frame-options')).toBe('DENY');
  expect(answer.headers.get('server-timing')).toContain(`trips;desc="${sample.trips ?? 1}"`);
  expect(world.trips.length - trips).toBe(sample.trips ?? 1);
  const reply = replies?.[answer.status];
  expect(reply, `${answer.status}`).not.toBeUndefined();
  // Nothing more than is documented, either.
  if (reply && answer.body) expect(reply.parse(answer.body)).toEqual(answer.body);
});

test('a cookie of the dashboard opens nothing to users', async ({ world }) => {
  const { cookie } = await signedIn(world);
  for (const path of ['/api/auth/me/', '/api/tasks/', '/api/residences/']) {
    const { status } = await world.send('GET', path, null, undefined, { headers: { cookie } });
    expect(status, path).toBe(401);
  }
  const who = await operator(world);
  const input = { email: who.email, password: who.password, totp: codeOf(who) };
  const strange = await asAdmin(world, 'POST', 'login/', null, input, { headers: { origin: 'https://evil.example' } });
  expect([strange.status, strange.body.code]).toEqual([403, 'cross_site']);
});
