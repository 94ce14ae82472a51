import { expect, vi } from 'vitest';
import { Residence } from '../domain/residence.ts';
import { ShareCode, SharePackage } from '../domain/share-code.ts';
import { type Person, test, type World } from './home.ts';

const CODE = /^[2-9A-HJKMNP-Z]{8}$/;
const DAY_MS = 86_400_000;

const join = (world: World, by: Person, code: string, more = {}) =>
  world.send('POST', '/api/residences/join/', by, { code }, more);
const from = (address: string) => ({ ports: { address } });
const daysUntil = (moment: string) => Math.round((Date.parse(moment) - Date.now()) / DAY_MS);

test('a code brings people in, however they type it', async ({ world }) => {
  const { owner, stranger, residence_id } = await world.home();
  const path = `/api/residences/${residence_id}/share-code/`;
  expect((await world.send('GET', path, owner)).status).toBe(404);

  const made = await world.send('POST', path, owner);
  expect([made.status, made.headers.get('cache-control')]).toEqual([201, 'no-store']);
  const { code, expires_at } = ShareCode.strict().parse(made.body);
  expect(made.body).toMatchObject({ code: expect.stringMatching(CODE), role: 'member', one_time: false });
  expect(daysUntil(expires_at)).toBe(7);

  const read = await world.send('GET', path, owner);
  expect([read.body, read.headers.get('etag')]).toEqual([made.body, made.headers.get('etag')]);
  expect(read.headers.get('cache-control')).toBe('no-store');
  const known = { headers: { 'if-none-match': read.headers.get('etag') ?? '' } };
  expect((await world.send('GET', path, owner, undefined, known)).status).toBe(304);

  const typed = `${code.slice(0, 4).toLowerCase()}– ${code.slice(4)} `;
  const joined = await join(world, stranger, typed);
  expect(joined.status).toBe(200);
  expect(Residence.strict().parse(joined.body)).toMatchObject({ id: residence_id, role: 'member', user_count: 4 });
  const again = await join(world, stranger, code);
  expect([again.status, again.body.code]).toEqual([409, 'already_member']);
  expect((await join(world, await world.person('zoe'), code)).status).toBe(200);
  expect((await join(world, stranger, 'AAAAAAAA')).status).toBe(404);
});

test('a new code takes the place of the old one; without one nobody comes in', async ({ world }) => {
  const { owner, stranger, residence_id } = await world.home();
  const path = `/api/residences/${residence_id}/share-code/`;
  const old = (await world.send('POST', path, owner)).body.code;
  const { body, headers } = await world.send('POST', path, owner, { role: 'viewer', expires_in_days: 365 });
  expect([body.role, daysUntil(body.expires_at)]).toEqual(['viewer', 365]);
  expect((await join(world, stranger, old)).body.code).toBe('not_found');
  expect((await join(world, stranger, body.code)).body.role).toBe('viewer');
  expect((await world.send('POST', '/api/tasks/', stranger, { residence_id, title: 'x' })).status).toBe(403);

  const stale = { headers: { 'if-match': '"77.0000000000000000"' } };
  const refused = await world.send('DELETE', path, owner, undefined, stale);
  expect([refused.status, refused.headers.get('etag')]).toEqual([412, headers.get('etag')]);
  const current = { headers: { 'if-match': headers.get('etag') ?? '' } };
  expect((await world.send('DELETE', path, owner, undefined, current)).status).toBe(204);
  expect((await world.send('GET', path, owner)).status).toBe(404);
  expect((await world.send('DELETE', path, owner)).status).toBe(404);
  expect((await join(world, await world.person('zoe'), body.code)).status).toBe(404);
});

test('an expired code is spent, and is not shown', async ({ world }) => {
  const { owner, stranger, residence_id } = await world.home();
  const path = `/api/residences/${residence_id}/share-code/`;
  const { code } = (await world.send('POST', path, owner, { expires_in_days: 1 })).body;
  await world.rows(`update residence_residencesharecode set expires_at = now() - interval '1 second'`);
  const late = await join(world, stranger, code);
  expect([late.status, late.body.code]).toEqual([410, 'share_code_spent']);
  expect((await world.send('GET', path, owner)).status).toBe(404);
  expect((await world.send('DELETE', path, owner)).status).toBe(404);
});

test('a package holds all that a file needs, and lets one person in', async ({ world }) => {
  const { owner, stranger, residence_id } = await world.home();
  await world.send('PATCH', '/api/auth/me/', owner, { first_name: 'Ann', last_name: 'Miller' });
  const path = `/api/residences/${residence_id}/generate-share-package/`;
  const made = await world.send('POST', path, owner, { role: 'viewer' });
  expect([made.status, made.headers.get('cache-control')]).toEqual([201, 'no-store']);
  expect(SharePackage.strict().parse(made.body)).toMatchObject({
    version: 1,
    code: expect.stringMatching(CODE),
    residence: { id: residence_id, name: 'Maple House' },
    role: 'viewer',
    shared_by: 'Ann Miller',
  });
  const { pathname } = new URL(made.body.join_url);
  const answer = await world.send('POST', pathname, stranger, { code: made.body.code });
  expect([answer.status, answer.body.role]).toEqual([200, 'viewer']);
  const second = await join(world, await world.person('zoe'), made.body.code);
  expect([second.status, second.body.code]).toEqual([410, 'share_code_spent']);
  expect((await world.send('GET', `/api/residences/${residence_id}/share-code/`, owner)).status).toBe(404);
});

test('of 20 who come at once with a code that is good once, one joins', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  const people = await Promise.all(Array.from({ length: 20 }, (_, n) => world.person(`guest_${n}`)));
  const { code } = (await world.send('POST', `/api/residences/${residence_id}/generate-share-package/`, owner)).body;
  const answers = await Promise.all(people.map((by, n) => join(world, by, code, from(`198.51.100.${n}`))));
  const statuses = answers.map(({ status }) => status).sort();
  expect(statuses).toEqual([200, ...Array.from({ length: 19 }, () => 410)]);
  expect(await world.rows(`select count(*)::int n from outbox where event->>'type' = 'member.joined'`)).toEqual([
    { n: 1 },
  ]);
  expect((await world.send('GET', `/api/residences/${residence_id}/`, owner)).body.user_count).toBe(4);
});

test('the home of a code may be gone', async ({ world }) => {
  const { owner, stranger, residence_id } = await world.home();
  const { code } = (await world.send('POST', `/api/residences/${residence_id}/share-code/`, owner)).body;
  await world.send('DELETE', `/api/residences/${residence_id}/`, owner);
  expect((await join(world, stranger, code)).status).toBe(404);
});

test('two homes that draw the same code get two', async ({ world }) => {
  const { owner, stranger, residence_id, elsewhere } = await world.home();
  const random = crypto.getRandomValues.bind(crypto);
  const draws: number[] = [0, 0, 1];
  const spy = vi
    .spyOn(crypto, 'getRandomValues')
    .mockImplementation((array) => (array instanceof Uint32Array ? array.fill(draws.shift() ?? 9) : random(array)));
  const codes = [
    await world.send('POST', `/api/residences/${residence_id}/share-code/`, owner),
    await world.send('POST', `/api/residences/${elsewhere}/share-code/`, stranger),
  ];
  spy.mockRestore();
  expect(codes.map(({ status, body }) => [status, body.code])).toEqual([
    [201, '22222222'],
    [201, '33333333'],
  ]);
});

test('a replayed join is the first answer again; its key is for that code alone', async ({ world }) => {
  const { owner, stranger, residence_id } = await world.home();
  const { code } = (await world.send('POST', `/api/residences/${residence_id}/generate-share-package/`, owner)).body;
  const keyed = { headers: { 'idempotency-key': 'k' } };
  const first = await join(world, stranger, code, keyed);
  const before = world.trips.length;
  const again = await join(world, stranger, code, keyed);
  expect([again.status, again.text, again.headers.get('etag')]).toEqual([200, first.text, first.headers.get('etag')]);
  expect(again.headers.get('idempotency-replayed')).toBe('true');
  expect(world.trips.length - before).toBe(1);
  expect((await join(world, stranger, 'AAAAAAAA', keyed)).body.code).toBe('idempotency_key_reused');
});

test('refuses codes and roles that cannot be', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  const path = `/api/residences/${residence_id}/share-code/`;
  for (const wrong of [{ role: 'owner' }, { expires_in_days: 0 }, { expires_in_days: 366 }, []]) {
    expect((await world.send('POST', path, owner, wrong)).status).toBe(400);
  }
  for (const code of ['', 'A\0BCDEFG', 'A'.repeat(65), null]) {
    const { status, body } = await world.send('POST', '/api/residences/join/', owner, { code });
    expect([status, Object.keys(body.fields)]).toEqual([400, ['code']]);
  }
  expect((await join(world, owner, ' – ')).status).toBe(404);
  expect((await world.send('POST', '/api/residences/join/', owner)).status).toBe(415);
});
