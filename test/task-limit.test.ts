import { expect } from 'vitest';
import { test, type World } from './home.ts';

/** Free for everybody, and this many tasks. */
const allow = (world: World, tasks: number) =>
  world.rows(
    `with s as (update subscription_subscriptionsettings set limitations_enabled = true, trial_days = 0)
     update subscription_tierlimits set tasks = $1 where tier = 'free'`,
    [tasks],
  );

const count = async (world: World) => (await world.rows('select count(*)::int n from task_task'))[0].n;

test('of twenty creations at once no more succeed than the owner’s plan has room for', async ({ world }) => {
  const { owner, member, residence_id } = await world.home();
  await world.task(owner, residence_id);
  await allow(world, 7);
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, n) =>
      world.send('POST', '/api/tasks/', n % 2 ? owner : member, { residence_id, title: `Task ${n}` }),
    ),
  );
  const refused = answers.filter(({ status }) => status !== 201);
  expect(refused).toHaveLength(14);
  for (const { status, body } of refused) {
    expect([status, body.code, body.kind, body.limit, body.usage]).toEqual([403, 'tier_limit_reached', 'tasks', 7, 7]);
  }
  expect(await count(world)).toBe(7);
});

test('a batch has room as a whole or not at all', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  await allow(world, 5);
  const send = (size: number) =>
    world.send('POST', '/api/tasks/bulk/', owner, {
      residence_id,
      tasks: Array.from({ length: size }, () => ({ title: 'Sweep' })),
    });
  expect((await send(6)).body).toMatchObject({ code: 'tier_limit_reached', limit: 5, usage: 0 });
  expect(await count(world)).toBe(0);
  const sent = await Promise.all([send(3), send(3)]);
  expect(sent.map(({ status }) => status).sort()).toEqual([201, 403]);
  expect(await count(world)).toBe(3);
});
