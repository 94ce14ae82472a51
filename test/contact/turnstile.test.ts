import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect } from 'vitest';
import { humansFrom } from '../../adapters/turnstile.ts';
import { test } from '../home.ts';
import { contactKey } from '../operations/contact.ts';

const MESSAGE = { name: 'Jane Doe', email: 'jane@example.com', message: 'Hello' };
const asked: Record<string, string>[] = [];
let isAway = false;

/** Answers as siteverify does: a token is good once. */
const server = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  const given = Object.fromEntries(new URLSearchParams(body));
  const isGood =
    given.secret === 'secret' && given.response === 'good' && !asked.some((before) => before.response === 'good');
  asked.push({ ...given, type: request.headers['content-type'] ?? '' });
  if (isAway) return response.writeHead(503).end('away');
  const answer = isGood
    ? { success: true, 'error-codes': [] }
    : { success: false, 'error-codes': ['invalid-input-response'] };
  return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
});

beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => new Promise((resolve) => server.close(resolve)));

test('where Turnstile is set up the page’s visitors show a token that it knows', async ({ world }) => {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/turnstile/v0/siteverify`;
  const logged: string[] = [];
  expect(humansFrom({}, () => {})).toEqual({});
  const ports = humansFrom({ TURNSTILE_SECRET: 'secret', TURNSTILE_URL: url }, (event) => void logged.push(event));
  const send = (more: object, headers: Record<string, string> = { 'sec-fetch-site': 'same-origin' }) =>
    world.send('POST', '/contact/', null, { ...MESSAGE, ...more }, { headers, ports });

  const missing = await send({});
  expect([missing.status, Object.keys(missing.body.fields), asked]).toEqual([400, ['turnstile_token'], []]);
  expect((await send({ turnstile_token: 'bad' })).status).toBe(400);
  expect((await send({ turnstile_token: 'good' })).status).toBe(200);
  expect((await send({ turnstile_token: 'good' })).status).toBe(400);
  expect(asked[1]).toEqual({
    secret: 'secret',
    response: 'good',
    remoteip: world.ports.address,
    type: expect.stringContaining('application/x-www-form-urlencoded'),
  });
  // A website with a key answers for its visitors itself; what it passes on is looked at all the same.
  const key = { 'x-api-key': await contactKey(world) };
  expect((await send({}, key)).status).toBe(200);
  expect((await send({ turnstile_token: 'bad' }, key)).status).toBe(400);

  // A message is worth more than a robot costs.
  isAway = true;
  expect([(await send({ turnstile_token: 'bad' })).status, logged]).toEqual([200, ['turnstile.unheard']]);
  expect(await world.rows('select count(*)::int as n from contact_message')).toEqual([{ n: 3 }]);
});
