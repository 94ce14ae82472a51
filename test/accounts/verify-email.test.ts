import { expect } from 'vitest';
import { test, type World } from '../home.ts';
import { race } from '../race.ts';
import { from, mailed, mailedCode, register, registerVerified, type Somebody, said, wrong } from './somebody.ts';

const verify = (world: World, by: Somebody, code: string, more = {}) =>
  world.send('POST', '/api/auth/verify-email/', by, { code }, more);
const resend = (world: World, by: Somebody, more = {}) =>
  world.send('POST', '/api/auth/resend-verification/', by, undefined, more);
const invalid = { status: 400, code: 'code_invalid' };

test('the code that is mailed at registration proves the address, once', async ({ world }) => {
  const ann = await register(world, 'ann');
  const [mail] = await mailed(world);
  expect(mail).toMatchObject({ to: ann.email, subject: expect.stringMatching(/^\d{6} is your honeyDue code$/) });
  const code = mail?.subject.slice(0, 6) ?? '';
  const answer = await verify(world, ann, code);
  expect([answer.status, answer.body.is_verified]).toEqual([200, true]);
  expect(said(await verify(world, ann, code))).toMatchObject(invalid);
  const traces = `select event ->> 'type' as type from outbox order by id`;
  expect(await world.rows(traces)).toEqual([{ type: 'user.registered' }, { type: 'user.verified' }]);
  const audit = `select changed -> 'is_verified' as changed, actor_id::int from audit_log where action = 'updated'`;
  expect(await world.rows(audit)).toEqual([{ changed: [false, true], actor_id: ann.user_id }]);
});

test('a wrong, an expired and a used code are refused alike', async ({ world }) => {
  const ann = await register(world, 'ann');
  const code = await mailedCode(world);
  const refusals = [await verify(world, ann, wrong(code))];
  await world.rows(`update user_confirmationcode set expires_at = now() - interval '1 second'`);
  refusals.push(await verify(world, ann, code));
  await world.rows(`update user_confirmationcode set expires_at = now() + interval '1 minute'`);
  expect((await verify(world, ann, code)).status).toBe(200);
  refusals.push(await verify(world, ann, code));
  const [first, ...others] = refusals.map(said);
  expect(first).toMatchObject(invalid);
  expect(others).toEqual([first, first]);
  for (const input of ['12345', '1234567', 'abcdef', 123456]) {
    const { status, body } = await verify(world, ann, input as string);
    expect([status, Object.keys(body.fields)]).toEqual([400, ['code']]);
  }
});

test('after five tries the right code is wrong too, however many come at once', async ({ world }) => {
  const ann = await register(world, 'ann');
  const code = await mailedCode(world);
  const guesses = Array.from({ length: 8 }, (_, n) => verify(world, ann, wrong(code, n + 1)));
  expect(new Set((await Promise.all(guesses)).map(({ status }) => status))).toEqual(new Set([400]));
  expect(await world.rows('select tries from user_confirmationcode')).toEqual([{ tries: 5 }]);
  expect(said(await verify(world, ann, code))).toMatchObject(invalid);

  const [again, ...more] = [await resend(world, ann), await mailedCode(world)];
  expect(again.status).toBe(202);
  expect((await verify(world, ann, more[0] as string, from('192.0.2.1'))).status).toBe(200);
});

test('of three uses at once one succeeds', async ({ world }) => {
  const ann = await register(world, 'ann');
  const code = await mailedCode(world);
  const uses = await race(world, Array(3).fill(['POST', '/api/auth/verify-email/', ann, { code }]));
  expect(uses.map(({ status }) => status)).toEqual([200, 400, 400]);
  expect(await world.rows(`select count(*)::int n from outbox where event ->> 'type' = 'user.verified'`)).toEqual([
    { n: 1 },
  ]);
});

test('a phone that did not hear the answer asks again with its key, and hears it', async ({ world }) => {
  const ann = await register(world, 'ann');
  const code = await mailedCode(world);
  const keyed = { headers: { 'idempotency-key': 'verify' } };
  const first = await verify(world, ann, code, keyed);
  const again = await verify(world, ann, code, keyed);
  expect([again.status, again.text, again.headers.get('idempotency-replayed')]).toEqual([200, first.text, 'true']);
});

test('a new code takes the place of the one before; five an hour, counted exactly', async ({ world }) => {
  const ann = await register(world, 'ann');
  const first = await mailedCode(world);
  const answers = await Promise.all(Array.from({ length: 9 }, () => resend(world, ann)));
  const statuses = answers.map(({ status }) => status).sort();
  expect(statuses).toEqual([...Array(5).fill(202), ...Array(4).fill(429)]);
  const [refused] = answers.filter(({ status }) => status === 429);
  expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(refused?.headers.get('ratelimit')).toMatch(/^"new_code";r=0/);

  // Of five events the last one's code is good; the others have nothing left to mail.
  const code = await mailedCode(world);
  if (first !== code) expect(said(await verify(world, ann, first))).toMatchObject(invalid);
  expect((await verify(world, ann, code)).status).toBe(200);
});

test('a request for a code that is repeated with its key counts and mails once', async ({ world }) => {
  const ann = await register(world, 'ann');
  await mailed(world);
  const keyed = { headers: { 'idempotency-key': 'resend' } };
  for (let n = 0; n < 7; n += 1) expect((await resend(world, ann, keyed)).status).toBe(202);
  expect(await mailed(world)).toHaveLength(1);
  expect((await resend(world, ann)).status).toBe(202);
});

test('whoever is verified gets 200 and no mail', async ({ world }) => {
  const ann = await registerVerified(world, 'ann');
  const answer = await resend(world, ann);
  expect([answer.status, answer.body.username]).toEqual([200, 'ann']);
  expect(await mailed(world)).toEqual([]);
});

test('one address has ten tries a minute at codes', async ({ world }) => {
  const ann = await register(world, 'ann');
  const code = await mailedCode(world);
  const answers = await Promise.all(Array.from({ length: 25 }, () => verify(world, ann, wrong(code))));
  const limited = answers.filter(({ status }) => status === 429);
  // If the clock's minute ends within the test two windows share the tries.
  expect(limited.length).toBeGreaterThanOrEqual(5);
  expect(limited.length).toBeLessThanOrEqual(15);
  expect(answers.every(({ status }) => status === 400 || status === 429)).toBe(true);
});

test('a code is good by any of the keys while they are rotated, and by none that is not ours', async ({ world }) => {
  const ann = await register(world, 'ann');
  const code = await mailedCode(world);
  const [old] = world.ports.settings.signing_keys;
  const sign = (...signing_keys: [string, ...string[]]) => ({
    ports: { settings: { ...world.ports.settings, signing_keys } },
  });
  const fresh = 'a fresh key for tests, and for nothing else';
  expect((await verify(world, ann, code, sign(fresh))).status).toBe(400);
  expect((await verify(world, ann, code, sign(fresh, old))).status).toBe(200);
});

test('whoever reads the whole database learns no code and no token', async ({ world }) => {
  const ann = await register(world, 'ann');
  await world.send('POST', '/api/auth/forgot-password/', null, { email: ann.email });
  await world.send(
    'POST',
    '/api/auth/change-email/',
    ann,
    { password: 'correct horse 7', new_email: 'new@example.com' },
    { headers: { 'idempotency-key': 'secret-body' } },
  );
  const codes = (await mailed(world)).map(({ subject }) => subject.slice(0, 6));
  expect(codes).toHaveLength(3);
  const tables = await world.rows(`select tablename from pg_tables where schemaname = 'public'`);
  let dump = '';
  for (const { tablename } of tables) {
    const [row] = await world.rows(`select coalesce(string_agg(t::text, ''), '') as dump from ${tablename} t`);
    dump += row.dump;
  }
  for (const secret of [...codes, ann.token, 'correct horse 7'])
    expect(dump).not.toMatch(new RegExp(`\\b${secret}\\b`));
  expect(JSON.stringify(world.logged)).not.toMatch(new RegExp([...codes, ann.token, '@example'].join('|')));
});
