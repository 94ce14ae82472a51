import { expect } from 'vitest';
import { ContactReceived } from '../../domain/contact.ts';
import { MailError } from '../../domain/mail.ts';
import { test, type World } from '../home.ts';
import { contactKey } from '../operations/contact.ts';
import { afterAWhile } from './due.ts';

const MESSAGE = { name: 'Jane Doe', email: 'jane@example.com', message: 'Hello,\n<b>can</b> a home have two owners?' };
const CONTACT_TO = 'operator@honeydue.example';
const FROM_PAGE = { 'sec-fetch-site': 'same-origin' };

const told = (world: World) => ({ ports: { settings: { ...world.ports.settings, contact_to: CONTACT_TO } } });
const messages = (world: World) => world.rows('select * from contact_message order by id');

test('a website hands a message in with its key: kept, with its event, and mailed once', async ({ world }) => {
  const key = await contactKey(world);
  world.ports.settings = told(world).ports.settings;
  const before = world.trips.length;
  const { status, body } = await world.send('POST', '/contact/', null, MESSAGE, { headers: { 'x-api-key': key } });
  expect([status, world.trips.length - before]).toEqual([200, 1]);
  expect(ContactReceived.strict().parse(body)).toMatchObject({ id: 1, status: 'success' });
  expect(await messages(world)).toMatchObject([{ ...MESSAGE, status: 'new', mailed_at: null }]);
  expect(await world.rows(`select event, queue from outbox`)).toEqual([
    { event: { type: 'contact.received', message_id: 1 }, queue: 'mail' },
  ]);
  const [audited] = await world.rows(`select * from audit_log where target_type = 'contact_message'`);
  expect(audited).toMatchObject({ actor_type: 'system', action: 'created', request_id: expect.any(String) });

  const [event_id] = world.rung.at(-1) ?? [];
  for (let time = 0; time < 2; time += 1) await world.deliver([{ event_id }]);
  expect(world.mails).toMatchObject([{ to: CONTACT_TO, reply_to: MESSAGE.email, subject: 'Message 1 from Jane Doe' }]);
  expect(world.mails[0]?.html).toContain('&lt;b&gt;can&lt;/b&gt; a home have two owners?');
  expect(await messages(world)).toMatchObject([{ mailed_at: expect.any(Date) }]);
});

test('a key that is wrong, missing or revoked is 401, and a bad message 400 by field; neither leaves anything', async ({
  world,
}) => {
  const key = await contactKey(world);
  const send = (headers: Record<string, string>, input: unknown = MESSAGE) =>
    world.send('POST', '/api/contact/', null, input, { headers });
  const strangers: Record<string, string>[] = [
    {},
    { 'x-api-key': '' },
    { 'x-api-key': `${key}x` },
    { 'x-api-key': 'site' },
    { 'sec-fetch-site': 'cross-site' },
  ];
  for (const headers of strangers) {
    const { status, body } = await send(headers);
    expect([status, body.code]).toEqual([401, 'unauthenticated']);
  }
  const bad = { name: 'x'.repeat(101), email: 'jane', message: 'x'.repeat(1001) };
  const { status, body } = await send({ 'x-api-key': key }, bad);
  expect([status, Object.keys(body.fields)]).toEqual([400, ['name', 'email', 'message']]);
  expect((await send({ 'x-api-key': key }, 'name=x')).status).toBe(400);
  await world.rows('update contact_apikey set revoked_at = now()');
  expect((await send({ 'x-api-key': key })).status).toBe(401);
  expect([await messages(world), await world.rows('select * from outbox')]).toEqual([[], []]);
  expect(await world.rows('select * from rate_counter')).toEqual([]);
});

test('a key brings as many an hour as it may, and not one more when many come at once', async ({ world }) => {
  const [key, other] = [await contactKey(world, 3), await contactKey(world, 3)];
  const send = (by: string) => world.send('POST', '/api/contact/', null, MESSAGE, { headers: { 'x-api-key': by } });
  const answers = await Promise.all(Array.from({ length: 8 }, () => send(key)));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 429, 429, 429, 429, 429]);
  const refused = answers.find(({ status }) => status === 429);
  expect(refused?.body.code).toBe('rate_limited');
  expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(refused?.headers.get('ratelimit')).toMatch(/^"contact";r=0;t=\d+$/);
  expect(await messages(world)).toHaveLength(3);
  expect((await send(other)).status).toBe(200);
});

test('the site’s own page needs no key, and five an hour is what one network gets', async ({ world }) => {
  const from = (address: string) => ({ headers: FROM_PAGE, ports: { address } });
  const send = (address: string) => world.send('POST', '/contact/', null, MESSAGE, from(address));
  for (let last = 1; last <= 5; last += 1) expect((await send(`203.0.113.${last}`)).status).toBe(200);
  expect((await send('203.0.113.6')).status).toBe(429);
  expect((await send('198.51.100.1')).status).toBe(200);
  expect(await world.rows('select name, hint from contact_apikey')).toEqual([{ name: 'The site', hint: '' }]);
  const subjects = (await world.rows('select subject from rate_counter')).map(({ subject }) => subject).join(' ');
  expect(subjects).not.toContain('203.0.113');
  // The operator shuts it like any other.
  await world.rows('update contact_apikey set revoked_at = now()');
  expect((await send('192.0.2.1')).status).toBe(401);
});

test('a form that a browser sends by itself is answered with pages', async ({ world }) => {
  const send = (fields: Record<string, string>, headers: Record<string, string> = FROM_PAGE) =>
    world.send('POST', '/contact/', null, `${new URLSearchParams(fields)}`, {
      headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
    });
  const sent = await send({ ...MESSAGE, leave_empty: '' });
  expect([sent.status, sent.headers.get('location')]).toEqual([303, '/contact/thanks/']);
  expect(await messages(world)).toMatchObject([{ ...MESSAGE, message: MESSAGE.message }]);
  const wrong = await send({ ...MESSAGE, email: '<script>', leave_empty: '' });
  expect([wrong.status, wrong.headers.get('content-type')]).toEqual([400, 'text/html; charset=utf-8']);
  expect(wrong.text).toContain('Your e-mail address: Must be an e-mail address.');
  expect(wrong.text).not.toContain('<script>');
  expect(wrong.headers.get('content-security-policy')).toContain("form-action 'self'");
  expect((await send({ ...MESSAGE, leave_empty: 'http://spam.example' })).status).toBe(400);
  const elsewhere = await send(MESSAGE, { 'sec-fetch-site': 'cross-site' });
  expect([elsewhere.status, elsewhere.headers.get('content-type')]).toEqual([401, 'text/html; charset=utf-8']);
  // Browsers that do not say where a request comes from say of which origin it is.
  expect((await send(MESSAGE, { origin: 'http://localhost' })).status).toBe(303);
  expect((await send(MESSAGE, { origin: 'http://evil.example' })).status).toBe(401);
  expect(await messages(world)).toHaveLength(2);
  const visit = await world.send('GET', '/contact/', null);
  expect([visit.status, visit.headers.get('location')]).toEqual([302, '/#contact']);
});

test('a message outlives an outage of mails: kept at once, mailed once when it ends', async ({ world }) => {
  const key = await contactKey(world);
  world.ports.settings = told(world).ports.settings;
  const { mail } = world.ports;
  world.ports.mail = async () => {
    throw new MailError('temporary', 'The carrier is away.');
  };
  const { status, body } = await world.send('POST', '/contact/', null, MESSAGE, { headers: { 'x-api-key': key } });
  expect(status).toBe(200);
  const [event_id] = world.rung.at(-1) ?? [];
  for (let time = 0; time < 4; time += 1) {
    await world.deliver([{ event_id }]);
    await afterAWhile(world);
  }
  expect(await messages(world)).toMatchObject([{ id: `${body.id}`, mailed_at: null }]);
  expect(await world.rows('select dead_at, attempts from outbox')).toEqual([{ dead_at: null, attempts: 4 }]);
  world.ports.mail = mail;
  for (let time = 0; time < 3; time += 1) {
    await world.deliver([{ event_id }]);
    await afterAWhile(world);
  }
  expect(world.mails).toHaveLength(1);
  expect(await messages(world)).toMatchObject([{ mailed_at: expect.any(Date) }]);
});

test('while nobody is named to read them, messages wait in the database', async ({ world }) => {
  const key = await contactKey(world);
  await world.send('POST', '/contact/', null, MESSAGE, { headers: { 'x-api-key': key } });
  await world.deliver([{ event_id: world.rung.at(-1)?.[0] }]);
  expect(world.mails).toEqual([]);
  expect(await messages(world)).toMatchObject([{ mailed_at: null }]);
  expect(world.logged).toContainEqual({ event: 'contact.nobody_is_told', message_id: 1 });
});
