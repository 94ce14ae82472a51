import { expect } from 'vitest';
import { type Person, test, type World } from './home.ts';

const guess = (world: World, by: Person, address: string) =>
  world.send('POST', '/api/residences/join/', by, { code: 'AAAAAAAA' }, { ports: { address } });

/** What a subject has used of the window that is open, and of the next in case it opens meanwhile. */
const used = (world: World, subject: string, count: number) =>
  world.rows(
    `insert into rate_counter (subject, window_start, count)
     select $1, date_bin('1 minute', now(), 'epoch') + n * interval '1 minute', $2 from generate_series(0, 1) n`,
    [subject, count],
  );

test('the tenth code of a minute is looked at, the eleventh is not', async ({ world }) => {
  const ann = await world.person('ann');
  await used(world, 'join:address:198.51.100.1', 9);
  const tenth = await guess(world, ann, '198.51.100.1');
  expect(tenth.status).toBe(404);
  const eleventh = await guess(world, await world.person('ben'), '198.51.100.1');
  expect([eleventh.status, eleventh.body.code]).toEqual([429, 'rate_limited']);
  expect(eleventh.headers.get('ratelimit')).toMatch(/^"join";r=0;t=\d+$/);
  expect(Number(eleventh.headers.get('retry-after'))).toBeGreaterThan(0);
});

test('another address does not help a user who has guessed', async ({ world }) => {
  const ann = await world.person('ann');
  await used(world, `join:user:${ann.user_id}`, 10);
  expect((await guess(world, ann, '198.51.100.1')).status).toBe(429);
  expect((await guess(world, await world.person('ben'), '198.51.100.1')).status).toBe(404);
});

test('every attempt is counted, those that come at once too, for the address and the user', async ({ world }) => {
  const ann = await world.person('ann');
  await Promise.all(Array.from({ length: 12 }, () => guess(world, ann, '198.51.100.1')));
  expect(
    await world.rows('select subject, sum(count)::int n from rate_counter group by subject order by subject'),
  ).toEqual([
    { subject: 'join:address:198.51.100.1', n: 12 },
    { subject: `join:user:${ann.user_id}`, n: 12 },
  ]);
});

test('whoever joins is told how many tries are left', async ({ world }) => {
  const { owner, stranger, residence_id } = await world.home();
  const { code } = (await world.send('POST', `/api/residences/${residence_id}/share-code/`, owner)).body;
  await used(world, `join:user:${stranger.user_id}`, 6);
  const { status, headers } = await world.send('POST', '/api/residences/join/', stranger, { code });
  expect([status, headers.get('ratelimit')]).toEqual([200, expect.stringMatching(/^"join";r=3;t=\d+$/)]);
});
