import fc from 'fast-check';
import { expect } from 'vitest';
import { testTogether as test } from '../home.ts';
import { storageOf } from '../uploads/storage.ts';
import { type Fault, twoSides } from './two-sides.ts';

const refused = async (): Promise<never> => {
  throw new TypeError('fetch failed');
};
const says =
  (code: string): Fault =>
  async () =>
    Response.json({ code, message: 'said the database' }, { status: 400 });
const hangs: Fault = (_send, { signal }) =>
  new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
const brokenOff: Fault = async () =>
  new Response(
    new ReadableStream({
      pull(controller) {
        controller.enqueue(new TextEncoder().encode('{"results":[{"'));
        controller.error(new TypeError('terminated'));
      },
    }),
  );
const lost: Fault = async (send) => {
  await send();
  return await refused();
};

const AWAY: Record<string, Fault> = {
  'nobody is there': refused,
  'it hangs': hangs,
  'it breaks off in its answer': brokenOff,
  '500 and a page': async () => new Response('<html>Internal Server Error</html>', { status: 500 }),
  '502 and nothing': async () => new Response(null, { status: 502 }),
  '200 and a page': async () => new Response('<html>Welcome</html>', { headers: { 'content-type': 'text/html' } }),
  'half an answer': async () => new Response('{"results":[{"fields":[]'),
  'an answer to something else': async () => Response.json({ results: [] }),
  'what nobody foresaw': async () => Response.json({ results: [null, null, null] }),
  ...Object.fromEntries(
    ['08006', '08P01', '53300', '57P01', '57P02', '57P03', '58030', '58P01'].map((c) => [c, says(c)]),
  ),
};

test('a read goes on to the origin, whatever is the matter with the edge’s way to the database', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  for (const [name, fault] of Object.entries(AWAY)) {
    const { ask, state, seen, close } = await twoSides(world);
    expect(await ask('GET', `/api/residences/${residence_id}/`, { token: owner.token })).toMatchObject({ by: 'edge' });
    state.fault = fault;
    if (fault === hangs) state.database_ms = 50;
    const headers = { 'x-request-id': `read-${name.replaceAll(/\W/g, '-')}` };
    const answer = await ask('GET', `/api/residences/${residence_id}/?a=b`, { token: owner.token, headers });
    expect(answer, name).toMatchObject({ status: 200, by: 'origin', body: { id: residence_id } });
    expect(seen.map(({ url, address }) => [url, address])).toEqual([
      [`https://api.example.com/api/residences/${residence_id}/?a=b`, '203.0.113.9'],
    ]);
    expect(answer.headers.get('x-request-id')).toBe(headers['x-request-id']);
    await close();
  }
});

test('what the database says no to, and whatever is wrong with the request, stays at the edge', async ({ world }) => {
  const { ask, state, seen } = await twoSides(world);
  const { owner, viewer, residence_id } = await world.home();
  const NO = { '57014': 503, '42P01': 503, '42703': 503, '42883': 503, '40001': 409, '55P03': 409 };
  for (const [code, status] of Object.entries(NO)) {
    state.fault = says(code);
    const answer = await ask('GET', '/api/residences/', { token: owner.token });
    expect([answer.status, answer.by], code).toEqual([status, 'edge']);
  }
  state.fault = null;
  const task = { residence_id, title: 'Sweep' };
  const stranger = `hd_${'x'.repeat(43)}`;
  for (const [status, answer] of [
    [401, await ask('GET', '/api/tasks/')],
    [401, await ask('GET', '/api/tasks/', { token: stranger })],
    [403, await ask('POST', '/api/tasks/', { token: viewer.token, json: task })],
    [404, await ask('GET', '/api/tasks/9999999/', { token: owner.token })],
    [404, await ask('GET', '/api/nothing/')],
    [405, await ask('PUT', '/api/tasks/', { token: owner.token, json: {} })],
    [400, await ask('POST', '/api/tasks/', { token: owner.token, json: {} })],
    [413, await ask('POST', '/api/tasks/', { token: owner.token, body: 'x'.repeat(1024 ** 2 + 1) })],
  ] as const) {
    expect([answer.status, answer.by]).toEqual([status, 'edge']);
  }
  await world.rows('update app_setting set is_read_only = true');
  const readOnly = await ask('POST', '/api/tasks/', { token: owner.token, json: task });
  await world.rows('update app_setting set is_read_only = false');
  expect([readOnly.status, readOnly.body.code, readOnly.by]).toEqual([503, 'read_only', 'edge']);
  expect(seen).toEqual([]);
});

test('what was committed, but not answered, is answered by the origin and done once', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  for (const key of [null, 'a-key-of-the-client']) {
    const { ask, state, seen, close } = await twoSides(world);
    const title = `Sweep the porch ${key}`;
    state.fault = lost;
    const headers = key ? { 'idempotency-key': key } : {};
    const made = await ask('POST', '/api/tasks/', { token: owner.token, json: { residence_id, title }, headers });
    expect(made).toMatchObject({ status: 201, by: 'origin', body: { data: { title } } });
    // A client that sent no key hears of none.
    expect(made.headers.get('idempotency-replayed')).toBe(key && 'true');
    expect(seen[0]?.headers.get('idempotency-key')).toMatch(key ?? /^[0-9a-f-]{36}$/);
    // A write of two trips, whose second is the one that is lost.
    let trips = 0;
    state.fault = async (send, init) => (++trips === 2 ? await lost(send, init) : await send());
    const done = await ask('POST', `/api/tasks/${made.body.data.id}/mark-in-progress/`, {
      token: owner.token,
      headers,
    });
    expect([trips, done.status, done.by]).toEqual(key ? [1, 422, 'edge'] : [2, 200, 'origin']);
    const [counted] = await world.rows(
      `select count(*)::int as tasks, (select count(*)::int from audit_log where target_type = 'task' and target_id = max(t.id)
       and action = 'created') as created from task_task t where title = $1`,
      [title],
    );
    expect(counted).toEqual({ tasks: 1, created: 1 });
    await close();
  }
});

test('after three failures nothing waits for the edge’s way, until one has tried it', async ({ world }) => {
  const { ask, state, seen } = await twoSides(world);
  const { owner, residence_id } = await world.home();
  const read = () => ask('GET', '/api/residences/', { token: owner.token });
  state.fault = refused;
  for (let n = 0; n < 10; n += 1) expect(await read()).toMatchObject({ status: 200, by: 'origin' });
  expect([state.tries, seen.length]).toEqual([3, 10]);
  const post = () => ask('POST', '/api/tasks/', { token: owner.token, json: { residence_id, title: 'Open' } });
  expect(await post()).toMatchObject({ status: 201, by: 'origin' });
  const long = await ask('POST', '/api/tasks/', { token: owner.token, body: 'x'.repeat(1024 ** 2 + 1) });
  expect([long.status, long.body.code]).toEqual([413, 'too_large']);
  expect(state.tries).toBe(3);

  state.now_ms += 5000;
  expect(await read()).toMatchObject({ status: 200, by: 'origin' });
  expect(state.tries).toBe(4);
  expect(await read()).toMatchObject({ by: 'origin' });
  expect(state.tries).toBe(4);

  state.fault = null;
  state.now_ms += 5000;
  expect(await read()).toMatchObject({ status: 200, by: 'edge' });
  expect(await post()).toMatchObject({ status: 201, by: 'edge' });
  expect(await world.rows(`select count(*)::int as made from task_task where title = 'Open'`)).toEqual([{ made: 2 }]);
});

test('bodies arrive at the origin byte for byte', async ({ world }) => {
  const { ask, state, seen } = await twoSides(world);
  state.crash = true;
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 5000, size: 'max' }), fc.string(), async (sent, text) => {
      const headers = { 'content-type': 'application/octet-stream' };
      const path = `/api/subscription/webhook/stripe/?q=${encodeURIComponent(text)}`;
      const answer = await ask('POST', path, { body: Uint8Array.from(sent), headers });
      expect([answer.status, answer.by]).toEqual([503, 'origin']);
      expect(Buffer.compare(seen.at(-1)?.body ?? new Uint8Array(1), sent)).toBe(0);
      expect(seen.at(-1)?.url).toBe(new URL(path, 'https://api.example.com').href);
    }),
    { numRuns: 12 },
  );
});

test('what must not be done twice is not sent on once it was tried, and says so', async ({ world }) => {
  const { ask, state, seen } = await twoSides(world);
  const json = { name: 'Ann', email: 'ann@example.com', message: 'Hello' };
  const form = new FormData();
  form.set('file', new File(['%PDF-1.7\n'], 'a.pdf', { type: 'application/pdf' }));
  const { owner, residence_id } = await world.home();
  form.set('residence_id', String(residence_id));
  form.set('document_type', 'manual');
  const dashboard = {
    origin: 'https://admin.example.com',
    'sec-fetch-site': 'same-origin',
    'content-type': 'application/json',
    cookie: `__Host-honeydue_admin=hd_${'x'.repeat(43)}`,
  };
  const each = [
    () => ask('POST', '/api/contact/', { json, headers: { 'x-api-key': 'hdc_unknown' } }),
    () => ask('POST', '/api/auth/forgot-password/', { json: { email: 'ann@example.com' } }),
    () => ask('POST', '/api/admin/users/1/verify/', { headers: dashboard, body: '{}' }),
    () => ask('POST', '/api/documents/upload/', { token: owner.token, body: form }),
  ];
  for (const [n, askOne] of each.entries()) {
    Object.assign(state, { fault: n % 2 ? hangs : refused, database_ms: 50 });
    const answer = await askOne();
    expect(answer).toMatchObject({ status: 503, by: 'edge', body: { code: 'database_unavailable' } });
    expect(answer.headers.get('retry-after')).toBe('2');
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.body.detail).toMatch(/^(It may have been done, or not|The file could not be taken)/);
    Object.assign(state, { fault: null, database_ms: 3000 });
    expect((await ask('GET', '/api/residences/', { token: owner.token })).by).toBe('edge');
  }
  expect(seen).toEqual([]);

  // While the edge is known to be cut off it has tried nothing: then each goes straight to the origin, the file as it comes.
  await storageOf(world);
  state.fault = refused;
  for (let n = 0; n < 3; n += 1) await ask('GET', '/api/residences/', { token: owner.token });
  const straight = [];
  for (const askOne of each) straight.push(await askOne());
  expect(straight.map(({ status, by }) => [status, by])).toEqual([
    [401, 'origin'],
    [200, 'origin'],
    [401, 'origin'],
    [201, 'origin'],
  ]);
});

test('if the origin has no answer either, the edge’s own stands', async ({ world }) => {
  const { ask, state, there, close } = await twoSides(world);
  const { owner } = await world.home();
  const read = async () => {
    const answer = await ask('GET', '/api/residences/', { token: owner.token });
    expect(answer.by).toBe('edge');
    return [answer.status, answer.body.code, answer.headers.get('retry-after')];
  };
  const [NO_DATABASE, NO_APPLICATION] = [
    [503, 'database_unavailable', '2'],
    [500, 'internal', null],
  ];
  const page = (status: number) => () =>
    new Response('<html></html>', { status, headers: { 'content-type': 'text/html' } });
  state.fault = refused;
  there.answer = page(500);
  expect(await read()).toEqual(NO_DATABASE);
  there.answer = page(503);
  expect(await read()).toEqual(NO_DATABASE);
  // The origin is known to be away now as well; each path is tried again by itself when its time has come.
  state.now_ms += 5000;
  there.answer = () => Response.json({ code: 'misdirected' }, { status: 421 });
  expect(await read()).toEqual(NO_DATABASE);
  state.now_ms += 5000;
  const said = { 'content-type': 'application/problem+json', 'x-served-by': 'origin', 'retry-after': '7' };
  there.answer = () => new Response('{"code":"read_only"}', { status: 503, headers: said });
  const honest = await ask('GET', '/api/residences/', { token: owner.token });
  expect([honest.status, honest.by, honest.headers.get('retry-after')]).toEqual([503, 'origin', '7']);
  await close();
  state.fault = null;
  expect(await read()).toEqual([200, undefined, null]);
  state.crash = true;
  expect(await read()).toEqual(NO_APPLICATION);
});

test('a page, a probe and what the origin was handed are answered where they came to', async ({ world }) => {
  const { ask, state, seen } = await twoSides(world);
  state.fault = refused;
  // What the release knows by itself is as good as the origin's.
  expect(await ask('GET', '/api/static_data/')).toMatchObject({ status: 200, by: 'edge' });
  const headers = { 'x-edge-signature': 't=1,v1=00' };
  const { owner } = await world.home();
  for (let n = 0; n < 4; n += 1) {
    expect(await ask('GET', '/')).toMatchObject({ status: 200, by: 'edge' });
    expect(await ask('GET', '/api/health/ready/')).toMatchObject({ status: 503, by: 'edge', body: { status: 'down' } });
    const handed = await ask('GET', '/api/residences/', { token: owner.token, headers });
    expect(handed).toMatchObject({ status: 503, by: 'edge', body: { code: 'database_unavailable' } });
  }
  expect(seen).toEqual([]);
});

test('without an origin there is none to go to; by another’s secret neither', async ({ world }) => {
  const { owner } = await world.home();
  const alone = await twoSides(world, { origin: false });
  alone.state.fault = refused;
  for (let n = 0; n < 5; n += 1) {
    const answer = await alone.ask('GET', '/api/residences/', { token: owner.token });
    expect(answer).toMatchObject({ status: 503, by: 'edge', body: { code: 'database_unavailable' } });
  }
  expect(alone.state.tries).toBe(5);
  alone.state.crash = true;
  await expect(alone.ask('GET', '/api/residences/')).rejects.toThrow('There is no application.');
  await alone.close();

  const unknown = await twoSides(world, { secrets: ['a secret that the origin has never heard of'] });
  unknown.state.fault = refused;
  const answer = await unknown.ask('GET', '/api/residences/', { token: owner.token });
  expect(answer).toMatchObject({ status: 503, by: 'edge' });
  expect(unknown.seen).toEqual([]);
});
