import { expect } from 'vitest';
import { connect } from '../db/client.ts';
import { openapi } from '../workers/http/openapi.ts';
import { test } from './home.ts';
import { operations, SAMPLES } from './operations.ts';

const SECURITY = {
  'strict-transport-security': /max-age=/,
  'x-content-type-options': /nosniff/,
  'x-frame-options': /DENY/,
  'referrer-policy': /./,
  'permissions-policy': /./,
  'content-security-policy': /default-src 'none'/,
  'x-request-id': /./,
  'x-correlation-id': /./,
  'server-timing': /total;dur=/,
  'ratelimit-policy': /"token";q=300;w=60/,
};

test('every operation, answered or refused, carries the headers and one format of errors', async ({ world }) => {
  for (const { method, path, name, isPublic } of operations()) {
    const real = path.replace(/:\w+(\{[^}]*\})?/g, '1');
    const { status, headers, body } = await world.send(method, real, null);
    for (const [header, pattern] of Object.entries(SECURITY))
      expect(headers.get(header), `${name} ${header}`).toMatch(pattern);
    if (!isPublic)
      expect([status, body.code, body.request_id], name).toEqual([401, 'unauthenticated', headers.get('x-request-id')]);
  }
});

test('the same path without its slash answers the same', async ({ world }) => {
  const { owner } = await world.home();
  for (const path of ['/api/tasks', '/api/residences', '/api/auth/me', '/api/health', '/api/static_data']) {
    const [bare, slashed] = [await world.send('GET', path, owner), await world.send('GET', `${path}/`, owner)];
    expect([bare.status, bare.text], path).toEqual([200, slashed.text]);
  }
});

test('404 to a path that leads nowhere, 405 with Allow to a method that a path does not take', async ({ world }) => {
  const nowhere = await world.send('GET', '/api/nowhere/', null);
  expect([nowhere.status, nowhere.body.code, nowhere.headers.get('content-type')]).toEqual([
    404,
    'not_found',
    'application/problem+json',
  ]);
  const wrong = await world.send('DELETE', '/api/tasks/', null);
  expect([wrong.status, wrong.body.code, wrong.headers.get('allow')]).toEqual([
    405,
    'method_not_allowed',
    'GET, POST, HEAD',
  ]);
  expect((await world.send('GET', '/api/tasks/99999999999999999999/', (await world.home()).owner)).status).toBe(404);
});

test('a request id and a trace are taken over when they are sound', async ({ world }) => {
  const headers = { 'x-request-id': 'phone-1', traceparent: `00-${'c'.repeat(32)}-${'d'.repeat(16)}-01` };
  const { headers: answered } = await world.send('GET', '/api/health/', null, undefined, { headers });
  expect(answered.get('x-request-id')).toBe('phone-1');
  expect(world.logged.at(-1)).toMatchObject({
    event: 'request',
    request_id: 'phone-1',
    trace_id: 'c'.repeat(32),
    status: 200,
  });
  const odd = await world.send('GET', '/api/health/', null, undefined, { headers: { 'x-request-id': 'a b"c' } });
  expect(odd.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
});

test('bodies: limit, type, JSON and UTF-8', async ({ world }) => {
  const { owner } = await world.home();
  const post = (body: string, headers = {}) => world.send('POST', '/api/residences/', owner, body, { headers });
  const large = await post(JSON.stringify({ name: 'x', description: 'y'.repeat(1024 * 1024) }));
  expect([large.status, large.body.code]).toEqual([413, 'too_large']);
  const type = await post('{"name":"x"}', { 'content-type': 'text/plain' });
  expect([type.status, type.body.code]).toEqual([415, 'unsupported_media_type']);
  expect((await post('{"name":')).body.code).toBe('malformed_json');
  expect((await post('[]')).body.code).toBe('validation');
  expect((await post('{"name":"a","name":"b"}')).body.name).toBe('b');
  expect((await post(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)).status).toBe(400);
});

test('too many requests are told when to come back, before anything is read', async ({ world }) => {
  const { owner } = await world.home();
  for (const name of ['address', 'token'] as const) {
    const before = world.trips.length;
    const limited = { ports: { limit: async (by: string) => by !== name } };
    const answer = await world.send('GET', '/api/tasks/', owner, undefined, limited);
    expect([answer.status, answer.body.code, answer.headers.get('retry-after')]).toEqual([429, 'rate_limited', '60']);
    expect(world.trips.length).toBe(before);
  }
});

test('with the database away: 503 with Retry-After, and ready says which part is down', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  const away = { ports: { db: connect('postgresql://honeydue_app:app@127.0.0.1:1/nowhere') } };
  const write = await world.send('POST', '/api/tasks/', owner, { residence_id, title: 'x' }, away);
  expect([write.status, write.body.code, write.headers.get('retry-after')]).toEqual([503, 'database_unavailable', '2']);
  const ready = await world.send('GET', '/api/health/ready/', null, undefined, away);
  expect([ready.status, ready.body.parts.database.state]).toEqual([503, 'down']);
  expect((await world.send('GET', '/api/health/', null, undefined, away)).status).toBe(200);
});

test('a schema behind this release: 503 with its own code, and ready says so', async ({ world }) => {
  const { owner } = await world.home();
  expect((await world.send('GET', '/api/health/ready/', null)).body).toMatchObject({
    status: 'ok',
    parts: { schema: { state: 'ok' } },
  });
  await world.rows('alter table task_task rename column anchor_date to old_anchor');
  await world.rows('alter table task_task rename column last_completed_at to last_done');
  expect((await world.send('GET', '/api/tasks/', owner)).body.code).toBe('schema_behind');
  await world.rows(
    'delete from drizzle.__drizzle_migrations where id = (select max(id) from drizzle.__drizzle_migrations)',
  );
  const ready = await world.send('GET', '/api/health/ready/', null);
  expect([ready.status, ready.body.parts.schema.state]).toEqual([503, 'down']);
});

test('what nobody foresaw is logged whole and answered bare', async ({ world }) => {
  const { owner } = await world.home();
  await world.rows(
    'drop function hd_moment cascade; create function hd_moment(timestamptz) returns text language sql as $$ select (1 / 0)::text $$',
  );
  const answer = await world.send('GET', '/api/auth/me/', owner);
  expect([answer.status, answer.body.code]).toEqual([500, 'internal']);
  expect(answer.text).not.toMatch(/zero|select|stack/);
  expect(world.logged).toContainEqual(
    expect.objectContaining({ event: 'request.crashed', error: expect.stringContaining('division by zero') }),
  );
});

test('the OpenAPI document is read off the routes, with every operation and its answers', () => {
  const document = openapi(operations());
  expect(document.paths).toHaveProperty(['/api/tasks/{id}/mark-in-progress/', 'post', 'responses', '200']);
  for (const { method, path, doc, name } of operations()) {
    const spelled = path
      .replace(/:(\w+)(\{[^}]*\})?/g, '{$1}')
      .replace(/\/?$/, '/')
      .replace(/\.json\/$/, '.json');
    expect(document.paths, name).toHaveProperty([spelled, method.toLowerCase(), 'summary'], doc.summary);
  }
  expect(Object.keys(SAMPLES).length).toBe(operations().filter(({ isPublic }) => !isPublic).length);
  expect(document.components.schemas).toHaveProperty('Task');
});

test('only configured origins may read answers from a page', async ({ world }) => {
  const settings = { ...world.ports.settings, cors_origins: ['https://honeydue.app'] };
  const ask = (origin: string) =>
    world.send('GET', '/api/health/', null, undefined, { headers: { origin }, ports: { settings } });
  expect((await ask('https://honeydue.app')).headers.get('access-control-allow-origin')).toBe('https://honeydue.app');
  expect((await ask('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull();
});

test('the log names the operation by its pattern', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  await world.send('GET', `/api/residences/${residence_id}/`, owner);
  await world.send('POST', '/api/auth/login/', null, {});
  await world.send('GET', '/nowhere', null);
  const routes = world.logged.filter(({ event }) => event === 'request').map(({ route }) => route);
  expect(routes.slice(-3)).toEqual(['/api/residences/:id{[0-9]+}', '/api/auth/login', 'none']);
});
