import { expect } from 'vitest';
import { seal, unseal } from '../../domain/sealed-text.ts';
import { stepOf, totpCode } from '../../domain/totp.ts';
import { counting } from '../accounts/somebody.ts';
import { NOW, testTogether as test, type World } from '../home.ts';
import { asAdmin, codeOf, cookieOf, digestOf, type Operator, operator, signedIn } from './operator.ts';

const login = (world: World, input: object, headers = {}, address: string = crypto.randomUUID()) =>
  asAdmin(world, 'POST', 'login/', null, input, { headers, ports: { address } });

const cookieFrom = (answer: { headers: Headers }) => /^[^;]*/.exec(answer.headers.get('set-cookie') ?? '')?.[0] ?? '';

async function enter(world: World, who: Operator, steps = 0): Promise<string> {
  const { email, password } = who;
  return cookieFrom(await login(world, { email, password, totp: codeOf(who, steps) }));
}

test('password, then a code: a session of its own in a cookie that no script reads and no other site sends', async ({
  world,
}) => {
  const who = await operator(world);
  const { email, password } = who;
  const first = await login(world, { email: email.toUpperCase(), password });
  expect([first.status, first.body, first.headers.get('set-cookie')]).toEqual([200, { totp_required: true }, null]);
  expect(first.headers.get('cache-control')).toBe('no-store');

  const before = world.trips.length;
  const second = await login(world, { email, password, totp: codeOf(who) });
  expect([second.status, world.trips.length - before]).toEqual([200, 2]);
  expect(second.body).toEqual({
    admin: expect.objectContaining({ email, role: 'admin', last_login_at: expect.any(String) }),
  });
  expect(second.headers.get('set-cookie')).toMatch(
    /^__Host-honeydue_admin=hd_[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
  );
  const cookie = cookieFrom(second);
  const me = await asAdmin(world, 'GET', 'me/', cookie);
  expect([me.status, me.body.admin.email, me.headers.get('cache-control')]).toEqual([200, email, 'no-store']);

  const [row] = await world.rows('select totp_secret, password_hash from admin_user where email = $1', [email]);
  expect(JSON.stringify(row)).not.toContain(who.totp_secret);
  const audited = await world.rows(
    `select action, actor_type, target_type, address from audit_log where actor_type = 'admin' and actor_id = $1`,
    [me.body.admin.id],
  );
  expect(audited).toContainEqual(
    expect.objectContaining({ action: 'created', actor_type: 'admin', target_type: 'admin_session' }),
  );

  expect((await asAdmin(world, 'POST', 'logout/', cookie)).status).toBe(204);
  expect((await asAdmin(world, 'GET', 'me/', cookie)).status).toBe(401);
});

test('a code is good once, one step around now, and never again before a newer one', async ({ world }) => {
  const who = await operator(world);
  const { email, password } = who;
  for (const [steps, status] of [
    [-2, 401],
    [2, 401],
    [0, 200],
    [0, 401],
    [-1, 401],
    [1, 200],
    [1, 401],
  ] as const) {
    expect((await login(world, { email, password, totp: codeOf(who, steps) })).status, `${steps}`).toBe(status);
  }
  const other = await operator(world);
  const both = { email: other.email, password: other.password, totp: codeOf(other) };
  const answers = await Promise.all(Array.from({ length: 5 }, () => login(world, both)));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401, 401, 401]);
});

test('a recovery code opens in place of a lost phone, once', async ({ world }) => {
  const { email, password, recovery_codes } = await operator(world);
  const [first = '', second = ''] = recovery_codes;
  expect(first).toMatch(/^([A-Z0-9]{4}-){3}[A-Z0-9]{4}$/);
  const spelled = { email, password, recovery_code: ` ${first.toLowerCase().replaceAll('-', ' ')}` };
  expect((await login(world, spelled)).status).toBe(200);
  expect((await login(world, spelled)).status).toBe(401);
  expect((await login(world, { email, password, recovery_code: second })).status).toBe(200);
  expect((await login(world, { email, password, recovery_code: 'AAAA-AAAA-AAAA-AAAA' })).status).toBe(401);
});

test('whoever is refused took the same trip and the same hash, be there an admin or not', async ({ world }) => {
  const who = await operator(world);
  const gone = await operator(world);
  await world.rows('update admin_user set disabled_at = now() where email = $1', [gone.email]);
  const costs: object[] = [];
  for (const [email, password] of [
    [who.email, 'wrong'],
    [gone.email, gone.password],
    ['nobody@example.com', 'wrong'],
  ]) {
    const { counted, passwords } = counting(world.ports.passwords);
    const before = world.trips.length;
    const ports = { passwords, address: crypto.randomUUID() };
    const input = { email, password, totp: '000000' };
    const { status, body } = await asAdmin(world, 'POST', 'login/', null, input, { ports });
    costs.push({ status, code: body.code, error: body.error, ...counted, trips: world.trips.length - before });
  }
  expect(costs).toEqual(costs.map(() => costs[0]));
  expect(costs[0]).toMatchObject({ status: 401, code: 'invalid_credentials', trips: 1, hashes: 1 });
  expect(JSON.stringify(world.logged)).not.toContain(who.email);
});

test('guesses are counted: of passwords by address, of codes by account, many at once like many in turn', async ({
  world,
}) => {
  const who = await operator(world);
  const { email, password } = who;
  const guesses = await Promise.all(
    Array.from({ length: 15 }, () => login(world, { email, password: 'wrong' }, {}, 'one place')),
  );
  expect(guesses.filter(({ status }) => status === 401)).toHaveLength(10);
  expect(guesses.find(({ status }) => status === 429)?.headers.get('retry-after')).toMatch(/^\d+$/);

  const other = await operator(world);
  const wrong = {
    email: other.email,
    password: other.password,
    totp: totpCode(other.totp_secret, '2020-01-01T00:00:00Z'),
  };
  for (let round = 0; round < 3; round += 1) {
    await Promise.all(Array.from({ length: 4 }, (_, n) => login(world, wrong, {}, `place ${n % 3}`)));
  }
  // Ten were wrong: even the right one has to wait.
  const right = { ...wrong, totp: codeOf(other) };
  expect((await login(world, right, {}, 'place 0')).status).toBe(429);
  await world.rows(`update rate_counter set window_start = window_start - interval '1 day'`);
  expect((await login(world, right, {}, 'place 0')).status).toBe(200);
  await login(world, { email, password, totp: codeOf(who) });
});

test('a login ends the session that the browser had; one sees and ends one’s own, and nobody else’s', async ({
  world,
}) => {
  const who = await operator(world, 'support');
  const { email, password } = who;
  const first = await enter(world, who, -1);
  const next = await login(world, { email, password, totp: codeOf(who) }, { cookie: first });
  const cookie = cookieFrom(next);
  expect(cookie).not.toBe(first);
  expect((await asAdmin(world, 'GET', 'me/', first)).status).toBe(401);
  const other = await enter(world, who, 1);

  const { body } = await asAdmin(world, 'GET', 'sessions/', cookie);
  expect(body.results.map(({ is_current }: { is_current: boolean }) => is_current)).toEqual([false, true]);
  const stranger = await signedIn(world);
  const [{ id }] = await world.rows('select id::int from admin_session where admin_id = $1', [stranger.admin_id]);
  expect((await asAdmin(world, 'DELETE', `sessions/${id}/`, cookie)).status).toBe(404);
  expect((await asAdmin(world, 'DELETE', `sessions/${body.results[0].id}/`, cookie)).status).toBe(204);
  expect((await asAdmin(world, 'GET', 'me/', other)).status).toBe(401);
  expect((await asAdmin(world, 'GET', 'me/', stranger.cookie)).status).toBe(200);
});

test('a session lives an hour without use and twelve in all; its use is written each minute, after the answer', async ({
  world,
}) => {
  const { cookie, admin_id } = await signedIn(world);
  const aged = async (column: string, age: string) => {
    await world.rows('update admin_session set last_used_at = now(), created_at = now() where admin_id = $1', [
      admin_id,
    ]);
    await world.rows(`update admin_session set ${column} = now() - $2::interval where admin_id = $1`, [admin_id, age]);
    const before = world.trips.length;
    const { status } = await asAdmin(world, 'GET', 'me/', cookie);
    return [status, world.trips.length - before];
  };
  expect(await aged('last_used_at', '30 seconds')).toEqual([200, 1]);
  expect(await aged('last_used_at', '59 minutes')).toEqual([200, 2]);
  expect(await aged('last_used_at', '30 seconds')).toEqual([200, 1]);
  expect(await aged('created_at', '11 hours 59 minutes')).toEqual([200, 1]);
  expect(await aged('last_used_at', '61 minutes')).toEqual([401, 1]);
  expect(await aged('created_at', '12 hours 1 minute')).toEqual([401, 1]);
});

test('a confirmation wants password and a fresh code, and lasts ten minutes', async ({ world }) => {
  const who = await operator(world);
  const cookie = await enter(world, who, -1);
  const digest = digestOf(cookie);
  await world.rows(`update admin_session set confirmed_at = now() - interval '1 hour' where digest = $1`, [digest]);
  const confirm = (input: object) =>
    asAdmin(world, 'POST', 'confirm/', cookie, input, { ports: { address: crypto.randomUUID() } });
  expect((await confirm({ password: who.password })).body.fields).toHaveProperty('totp');
  expect((await confirm({ password: 'wrong', totp: codeOf(who) })).body.fields).toHaveProperty('password');
  expect((await confirm({ password: who.password, totp: codeOf(who, -1) })).body.fields).toHaveProperty('totp');
  const isFresh = async () => {
    const [row] = await world.rows(
      `select confirmed_at > now() - interval '1 minute' as fresh from admin_session where digest = $1`,
      [digest],
    );
    return row.fresh;
  };
  expect(await isFresh()).toBe(false);
  const done = await confirm({ password: who.password, totp: codeOf(who) });
  expect([done.status, done.body.admin.email, await isFresh()]).toEqual([200, who.email, true]);
});

test('secrets open by an old signing key, and by no other', async () => {
  const sealed = await seal('SECRET', 'x', 'old key');
  expect(await unseal(sealed, 'x', ['new key', 'old key'])).toBe('SECRET');
  expect(await unseal(sealed, 'y', ['new key', 'old key'])).toBeNull();
  expect(await unseal(sealed, 'x', ['new key'])).toBeNull();
  expect(await seal('SECRET', 'x', 'old key')).not.toBe(sealed);
  // RFC 6238, appendix B: the last six digits of SHA-1 at 1111111109 s.
  const rfc = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
  expect(totpCode(rfc, '2005-03-18T01:58:29Z')).toBe('081804');
  expect(stepOf('081804', rfc, '2005-03-18T01:58:59Z')).toBe(37037036);
  expect(stepOf('081804', rfc, NOW)).toBeNull();
});

test('what a made-up cookie is worth', async ({ world }) => {
  for (const cookie of ['__Host-honeydue_admin=', cookieOf(`hd_${'x'.repeat(43)}`), 'honeydue_admin=x']) {
    const { status, body } = await asAdmin(world, 'GET', 'me/', cookie);
    expect([status, body.code], cookie).toEqual([401, 'unauthenticated']);
  }
});
