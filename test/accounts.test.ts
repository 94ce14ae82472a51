import { expect } from 'vitest';
import { counting, from, login, register, said } from './accounts/somebody.ts';
import { test } from './home.ts';

const ann = { username: 'Ann', email: 'ann@example.com', password: 'correct horse 7' };

test('register, sign in, read and change the profile, sign out', async ({ world }) => {
  const made = await world.send('POST', '/api/auth/register/', null, { ...ann, timezone: 'America/Chicago' });
  expect(made.status).toBe(201);
  expect(made.body).toMatchObject({
    token: expect.stringMatching(/^hd_[\w-]{43}$/),
    user: { username: 'Ann', is_verified: false },
  });
  const signedIn = await world.send('POST', '/api/auth/login/', null, { username: 'ANN', password: ann.password });
  expect([signedIn.status, signedIn.headers.get('cache-control')]).toEqual([200, 'no-store']);
  const byEmail = await world.send('POST', '/api/auth/login/', null, {
    email: 'Ann@Example.com',
    password: ann.password,
  });
  expect(byEmail.status).toBe(200);
  const me = { user_id: 0, username: 'Ann', token: signedIn.body.token };
  expect((await world.send('PATCH', '/api/auth/me/', me, { first_name: ' Ann ' })).body).toMatchObject({
    first_name: 'Ann',
  });
  expect((await world.send('GET', '/api/auth/me/', me)).body).toMatchObject({
    first_name: 'Ann',
    timezone: 'America/Chicago',
  });
  expect(
    (await world.send('POST', '/api/auth/logout/', me, undefined, { headers: { 'idempotency-key': 'out' } })).status,
  ).toBe(204);
  expect(
    (await world.send('POST', '/api/auth/logout/', me, undefined, { headers: { 'idempotency-key': 'out' } })).status,
  ).toBe(401);
});

test('what the database keeps is no token and no password', async ({ world }) => {
  const { body } = await world.send('POST', '/api/auth/register/', null, ann);
  const tables = await world.rows(`select tablename from pg_tables where schemaname = 'public'`);
  for (const { tablename } of tables) {
    const [{ dump }] = await world.rows(`select coalesce(string_agg(t::text, ''), '') as dump from ${tablename} t`);
    expect(dump).not.toContain(body.token);
    expect(dump).not.toContain(ann.password);
  }
  expect(JSON.stringify(world.logged)).not.toMatch(/correct horse|ann@example/);
});

test('refuses a registration that does not fit, field by field', async ({ world }) => {
  const misfits: [object, string][] = [
    [{ ...ann, username: 'ab' }, 'username'],
    [{ ...ann, username: 'a b c' }, 'username'],
    [{ ...ann, username: 'bob@example.com' }, 'username'],
    [{ ...ann, email: 'nobody' }, 'email'],
    [{ ...ann, password: 'short' }, 'password'],
    [{ ...ann, password: 'Password' }, 'password'],
    [{ ...ann, password: 'x'.repeat(129) }, 'password'],
    [{ ...ann, first_name: 'a\0b' }, 'first_name'],
    [{ ...ann, timezone: 'Mars/Olympus' }, 'timezone'],
  ];
  for (const [input, field] of misfits) {
    const answer = await world.send('POST', '/api/auth/register/', null, input);
    expect([answer.status, answer.body.code, Object.keys(answer.body.fields)]).toEqual([400, 'validation', [field]]);
  }
  expect(world.trips).toHaveLength(0);
});

test('a taken name or address is a conflict; the same registration soon after is the same account', async ({
  world,
}) => {
  const first = await world.send('POST', '/api/auth/register/', null, ann);
  const again = await world.send('POST', '/api/auth/register/', null, ann);
  expect([again.status, again.body.user]).toEqual([201, first.body.user]);
  expect(again.body.token).not.toBe(first.body.token);
  const name = await world.send('POST', '/api/auth/register/', null, {
    ...ann,
    username: 'aNN',
    email: 'other@example.com',
  });
  expect([name.status, name.body.code]).toEqual([409, 'username_taken']);
  const email = await world.send('POST', '/api/auth/register/', null, {
    ...ann,
    username: 'other',
    email: 'ANN@example.com',
  });
  expect([email.status, email.body.code]).toEqual([409, 'email_taken']);
  const guess = await world.send('POST', '/api/auth/register/', null, { ...ann, password: 'another horse 8' });
  expect(guess.status).toBe(409);
  await world.rows(`update auth_user set created_at = now() - interval '11 minutes'`);
  expect((await world.send('POST', '/api/auth/register/', null, ann)).status).toBe(409);
});

test('20 parallel registrations make one account', async ({ world }) => {
  const other = (n: number) => ({ ...ann, password: `correct horse ${n}` });
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, n) => world.send('POST', '/api/auth/register/', null, other(n))),
  );
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  expect(answers.filter(({ status }) => status === 409)).toHaveLength(19);
});

test('whoever is refused took the same trip and the same hash, be there an account or not', async ({ world }) => {
  await register(world, 'ann');
  await register(world, 'social');
  await world.rows(`update auth_user set password_hash = '!' where username = 'social'`);
  await register(world, 'old');
  await world.rows(`update auth_user set password_hash = '!k3jh5k2j3h5' where username = 'old'`);
  await register(world, 'gone');
  await world.rows(`update auth_user set deleted_at = now() where username = 'gone'`);
  const { counted, passwords } = counting(world.ports.passwords);
  const costs: object[] = [];
  for (const username of ['ann', 'nobody-at-all', 'social', 'old', 'gone', 'gone@example.com']) {
    counted.hashes = 0;
    const before = world.trips.length;
    const input = { username, password: '!' };
    const answer = await world.send('POST', '/api/auth/login/', null, input, { ports: { passwords } });
    costs.push({ ...said(answer), ...counted, trips: world.trips.length - before });
  }
  expect(costs).toEqual(costs.map(() => costs[0]));
  expect(costs[0]).toMatchObject({ status: 401, code: 'invalid_credentials', hashes: 1, trips: 1 });
});

test('an address has ten tries a minute, counted exactly', async ({ world }) => {
  await world.send('POST', '/api/auth/register/', null, ann);
  const guess = () => world.send('POST', '/api/auth/login/', null, { username: 'Ann', password: 'wrong wrong' });
  const answers = await Promise.all(Array.from({ length: 15 }, guess));
  const refused = answers.filter(({ status }) => status === 429);
  // A minute of the clock may end within the test; then two windows share the tries.
  expect([4, 5, 0, 1, 2, 3]).toContain(refused.length);
  expect(answers.every(({ status }) => status === 401 || status === 429)).toBe(true);
  for (const { headers } of refused) expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
});

test('one attacker cannot lock the owner out; five addresses end the guessing of a sixth', async ({ world }) => {
  await world.send('POST', '/api/auth/register/', null, ann, from('198.51.100.1'));
  const guess = (address: string, password = 'wrong wrong') =>
    world.send('POST', '/api/auth/login/', null, { username: 'Ann', password }, from(address));
  for (let n = 0; n < 8; n += 1) await guess('203.0.113.1');
  expect((await guess('198.51.100.99', ann.password)).status).toBe(200);
  for (let n = 2; n <= 5; n += 1) expect((await guess(`203.0.113.${n}`)).status).toBe(401);
  expect((await guess('203.0.113.6', ann.password)).status).toBe(429);
  expect((await guess('198.51.100.1', ann.password)).status).toBe(200);
  // By its other name it is the same account.
  const byEmail = { email: ann.email, password: 'wrong wrong' };
  expect((await world.send('POST', '/api/auth/login/', null, byEmail, from('203.0.113.7'))).status).toBe(429);
});

test('forty addresses at once have five guesses, not forty', async ({ world }) => {
  await world.send('POST', '/api/auth/register/', null, ann, from('198.51.100.1'));
  const guess = (n: number) =>
    world.send('POST', '/api/auth/login/', null, { username: 'Ann', password: `wrong ${n}` }, from(`203.0.113.${n}`));
  const answers = await Promise.all(Array.from({ length: 40 }, (_, n) => guess(n)));
  const compared = answers.filter(({ status }) => status === 401).length;
  // Ten, if the quarter of an hour ends within the test.
  expect([5, 10]).toContain(compared);
  expect(answers.filter(({ status }) => status === 429)).toHaveLength(40 - compared);
});

test('whoever succeeds gives the place back: a family may sign in from many addresses', async ({ world }) => {
  await world.send('POST', '/api/auth/register/', null, ann, from('198.51.100.1'));
  for (let n = 1; n <= 8; n += 1) expect((await login(world, 'Ann', ann.password, `192.0.2.${n}`)).status).toBe(200);
});

test('no session is made with a password that was changed meanwhile', async ({ world }) => {
  const { user_id } = await register(world, 'ann');
  const { verify } = world.ports.passwords;
  let is_first = true;
  const passwords = {
    ...world.ports.passwords,
    async verify(...args: Parameters<typeof verify>) {
      const verified = await verify(...args);
      if (is_first) {
        is_first = false;
        const password_hash = await world.ports.passwords.hash('another horse 8');
        await world.rows('update auth_user set password_hash = $1', [password_hash]);
        await world.rows('delete from user_authtoken');
      }
      return verified;
    },
  };
  const input = { username: 'ann', password: ann.password };
  const answer = await world.send('POST', '/api/auth/login/', null, input, { ports: { passwords } });
  expect([answer.status, answer.body.code]).toEqual([401, 'invalid_credentials']);
  expect(await world.rows('select from user_authtoken where user_id = $1', [user_id])).toEqual([]);
});

test('writing needs a verified address where the operator says so; the profile does not', async ({ world }) => {
  const { body } = await world.send('POST', '/api/auth/register/', null, ann);
  const me = { user_id: 0, username: 'Ann', token: body.token };
  const strict = { ports: { settings: { ...world.ports.settings, verified_only: true } } };
  const refused = await world.send('POST', '/api/residences/', me, { name: 'x' }, strict);
  expect([refused.status, refused.body.code]).toEqual([403, 'email_unverified']);
  expect((await world.send('PATCH', '/api/auth/me/', me, { last_name: 'Lee' }, strict)).status).toBe(200);
  expect((await world.send('GET', '/api/tasks/', me, undefined, strict)).status).toBe(200);
});

test('a hash made at another cost is made anew at sign-in', async ({ world }) => {
  await world.send('POST', '/api/auth/register/', null, ann);
  const { scryptPasswords } = await import('../adapters/passwords.ts');
  const dearer = { ports: { passwords: scryptPasswords({ ln: 5, r: 8, p: 1 }) } };
  expect((await world.send('POST', '/api/auth/login/', null, ann, dearer)).status).toBe(200);
  expect(await world.rows('select left(password_hash, 14) h from auth_user')).toEqual([{ h: '$scrypt$ln=5,r' }]);
});
