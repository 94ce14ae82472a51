import { expect } from 'vitest';
import { Device } from '../domain/device.ts';
import { type Person, test, type World } from './home.ts';
import { race } from './race.ts';

const PATH = '/api/notifications/devices/';
const PHONE = {
  platform: 'ios',
  token: 'a1b2',
  environment: 'sandbox',
  app_version: '3.2',
  locale: 'en',
  name: 'Ann’s',
};

const listed = async (world: World, by: Person): Promise<string[]> =>
  (await world.send('GET', PATH, by)).body.results.map(({ token }: { token: string }) => token);

test('a phone is registered, comes again, and is taken out', async ({ world }) => {
  const { owner } = await world.home();
  const made = await world.send('POST', PATH, owner, PHONE);
  expect([made.status, Device.strict().parse(made.body)]).toMatchObject([201, PHONE]);
  world.ports.now = () => '2026-03-09T15:00:00.000Z';
  const again = await world.send('POST', PATH, owner, { ...PHONE, app_version: '3.3', name: null });
  expect([again.status, again.body]).toMatchObject([200, { id: made.body.id, app_version: '3.3', name: null }]);
  expect(await world.rows('select hd_moment(registered_at) as at from notifications_device')).toEqual([
    { at: '2026-03-09T15:00:00.000Z' },
  ]);
  const list = await world.send('GET', PATH, owner);
  expect(list.body).toEqual({ results: [again.body], next_cursor: null });

  const stale = { headers: { 'if-match': made.headers.get('etag') ?? '' } };
  expect((await world.send('DELETE', `${PATH}${made.body.id}/`, owner, undefined, stale)).status).toBe(412);
  expect((await world.send('DELETE', `${PATH}${made.body.id}/`, owner)).status).toBe(204);
  expect((await world.send('DELETE', `${PATH}${made.body.id}/`, owner)).status).toBe(404);
  expect(await listed(world, owner)).toEqual([]);
  const facts = await world.rows(`select event from outbox where event ->> 'type' like 'device.%' order by id`);
  const about = { user_id: owner.user_id, device_id: made.body.id };
  expect(facts.map(({ event }) => event)).toEqual([
    { type: 'device.registered', ...about },
    { type: 'device.registered', ...about },
    { type: 'device.deleted', ...about },
  ]);
});

test('whoever signs in on a phone takes it over; nobody else is told on it', async ({ world }) => {
  const { owner, member } = await world.home();
  const { id } = (await world.send('POST', PATH, owner, PHONE)).body;
  const taken = await world.send('POST', PATH, member, { platform: 'ios', token: PHONE.token });
  expect([taken.status, taken.body]).toMatchObject([200, { id, environment: 'production', app_version: null }]);
  expect([await listed(world, owner), await listed(world, member)]).toEqual([[], [PHONE.token]]);
  expect((await world.send('DELETE', `${PATH}${id}/`, owner)).status).toBe(404);
  const other = await world.send('POST', PATH, owner, { ...PHONE, platform: 'android' });
  expect(other.status).toBe(201);
});

test('of two who come at once with the same phone the second has it', async ({ world }) => {
  const { owner, member } = await world.home();
  const answers = await race(world, [
    ['POST', PATH, owner, PHONE],
    ['POST', PATH, member, PHONE],
  ]);
  expect(answers.map(({ status }) => status)).toEqual([201, 201]);
  expect([await listed(world, owner), await listed(world, member)]).toEqual([[], [PHONE.token]]);
});

test('nobody is told on more than their last twenty phones', async ({ world }) => {
  const { owner, member } = await world.home();
  await world.send('POST', PATH, member, { ...PHONE, token: 'of another'.replace(' ', '-') });
  await world.rows(
    `insert into notifications_device (user_id, platform, token, environment, registered_at)
     select $1, 'ios', 't' || n, 'production', timestamptz '2026-01-01' + n * interval '1 day' from generate_series(1, 25) n`,
    [owner.user_id],
  );
  await world.send('POST', PATH, owner, PHONE);
  const expected = Array.from({ length: 19 }, (_, n) => `t${n + 7}`);
  expect((await listed(world, owner)).sort()).toEqual([...expected, PHONE.token].sort());
  expect(await listed(world, member)).toHaveLength(1);
});

test('are listed page by page', async ({ world }) => {
  const { owner } = await world.home();
  for (const token of ['a', 'b', 'c']) await world.send('POST', PATH, owner, { ...PHONE, token });
  const first = await world.send('GET', `${PATH}?limit=2`, owner);
  const rest = await world.send('GET', `${PATH}?limit=2&cursor=${first.body.next_cursor}`, owner);
  expect([...first.body.results, ...rest.body.results].map(({ token }) => token)).toEqual(['a', 'b', 'c']);
  expect(rest.body.next_cursor).toBeNull();
});

test.for([
  [{ ...PHONE, platform: 'windows' }, 'platform'],
  [{ ...PHONE, token: '' }, 'token'],
  [{ ...PHONE, token: 'with a space' }, 'token'],
  [{ ...PHONE, token: 'x'.repeat(1025) }, 'token'],
  [{ ...PHONE, environment: 'staging' }, 'environment'],
  [{ token: 'x' }, 'platform'],
] as const)('%j is refused', async ([input, field], { world }) => {
  const { owner } = await world.home();
  const { status, body } = await world.send('POST', PATH, owner, input);
  expect([status, Object.keys(body.fields)]).toEqual([400, [field]]);
  expect(await world.rows('select 1 from notifications_device')).toEqual([]);
});
