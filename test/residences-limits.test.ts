import { expect } from 'vitest';
import { type Person, test, type World } from './home.ts';

const limitTo = async (world: World, residences: number) => {
  await world.rows('update subscription_subscriptionsettings set limitations_enabled = true');
  await world.rows(`update subscription_tierlimits set residences = $1 where tier = 'free'`, [residences]);
};
const create = (world: World, by: Person) => world.send('POST', '/api/residences/', by, { name: 'Cabin' });
const owned = async (world: World, { user_id }: Person) =>
  (await world.rows(`select hd_usage($1, 'residences')::int n`, [user_id]))[0].n;

test('20 homes made at once are never more than the limit', async ({ world }) => {
  const { owner } = await world.home();
  await limitTo(world, 3);
  const answers = await Promise.all(Array.from({ length: 20 }, () => create(world, owner)));
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(2);
  const refused = answers.filter(({ status }) => status === 403);
  expect(refused).toHaveLength(18);
  expect(refused[0]?.body).toMatchObject({ code: 'tier_limit_reached', kind: 'residences', limit: 3, usage: 3 });
  expect(await owned(world, owner)).toBe(3);
});

test('only homes that somebody owns count, and a pro has no limit', async ({ world }) => {
  const { owner, member } = await world.home();
  await limitTo(world, 1);
  expect((await create(world, member)).status).toBe(201);
  expect((await create(world, member)).status).toBe(403);
  expect((await create(world, owner)).status).toBe(403);
  await world.rows(`insert into subscription_usersubscription (user_id, tier) values ($1, 'pro')`, [owner.user_id]);
  expect((await create(world, owner)).status).toBe(201);
  await world.rows('update subscription_subscriptionsettings set limitations_enabled = false');
  expect((await create(world, member)).status).toBe(201);
});

test('a home comes back only if there is room for it', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  await limitTo(world, 1);
  await world.send('DELETE', `/api/residences/${residence_id}/`, owner);
  const other = await create(world, owner);
  const restore = () => world.send('POST', `/api/residences/${residence_id}/restore/`, owner);
  expect((await restore()).body.code).toBe('tier_limit_reached');
  await world.send('DELETE', `/api/residences/${other.body.id}/`, owner);
  expect((await restore()).status).toBe(200);
  expect(await owned(world, owner)).toBe(1);
});

test('a home is given only to somebody who has room for it', async ({ world }) => {
  const { owner, member, viewer, residence_id } = await world.home();
  await limitTo(world, 1);
  await create(world, member);
  const give = ({ user_id }: Person) =>
    world.send('POST', `/api/residences/${residence_id}/transfer/`, owner, { user_id });
  const refused = await give(member);
  expect([refused.status, refused.body]).toMatchObject([403, { code: 'tier_limit_reached', kind: 'residences' }]);
  expect((await world.send('GET', `/api/residences/${residence_id}/`, owner)).body.role).toBe('owner');
  expect((await give(viewer)).status).toBe(200);
  expect([await owned(world, owner), await owned(world, viewer)]).toEqual([0, 1]);
});
