import { expect } from 'vitest';
import { Features, Subscription } from '../../domain/subscription.ts';
import { type Person, test, type World } from '../home.ts';
import { status } from './shop.ts';

const limit = (world: World) => world.rows('update subscription_subscriptionsettings set limitations_enabled = true');

/** A home with so many tasks. */
async function homeOf(world: World, person: Person, tasks: number): Promise<number> {
  const { body } = await world.send('POST', '/api/residences/', person, { name: 'Maple House' });
  await world.rows(
    `insert into task_task (residence_id, title) select $1, 'Task ' || n from generate_series(1, $2::int) n`,
    [body.id, tasks],
  );
  return body.id;
}
const add = (world: World, person: Person, residence_id: number) =>
  world.send('POST', '/api/tasks/', person, { residence_id, title: 'One more' });

const NONE = { residences: null, tasks: null, contractors: null, documents: null };

test('the free tier has room for ten tasks, and says so', async ({ world }) => {
  const ann = await world.person('ann');
  await limit(world);
  const home = await homeOf(world, ann, 9);
  expect((await add(world, ann, home)).status).toBe(201);
  const refused = await add(world, ann, home);
  expect([refused.status, refused.body]).toMatchObject([
    403,
    { code: 'tier_limit_reached', kind: 'tasks', limit: 10, usage: 10 },
  ]);
  const second = await world.send('POST', '/api/residences/', ann, { name: 'Cabin' });
  expect(second.body).toMatchObject({ code: 'tier_limit_reached', kind: 'residences', limit: 1, usage: 1 });
  expect(Subscription.strict().parse(await status(world, ann))).toEqual({
    tier: 'free',
    is_free: false,
    limitations_enabled: true,
    limits: { residences: 1, tasks: 10, contractors: 3, documents: 3 },
    usage: { residences: 1, tasks: 10, contractors: 0, documents: 0 },
    trial: { active: false, ends_at: null, used: false },
    platform: null,
    expires_at: null,
    auto_renew: null,
  });
});

test('of ten that are added in the same instant to nine tasks one has room', async ({ world }) => {
  const ann = await world.person('ann');
  await limit(world);
  const home = await homeOf(world, ann, 9);
  const answers = await Promise.all(Array.from({ length: 10 }, () => add(world, ann, home)));
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  expect((await status(world, ann)).usage.tasks).toBe(10);
});

test.for([
  ['pro', `insert into subscription_usersubscription (user_id, tier) values ($1, 'pro')`],
  ['a gift', 'insert into subscription_usersubscription (user_id, is_free) values ($1, true)'],
  [
    'a trial of their own',
    `insert into subscription_usersubscription (user_id, trial_ends_at) values ($1, now() + interval '1 day')`,
  ],
  ['the trial that everybody has', 'update subscription_subscriptionsettings set trial_days = 14 where $1 > 0'],
  ['limits that are off', 'update subscription_subscriptionsettings set limitations_enabled = false where $1 > 0'],
] as const)('who has %s has no limits', async ([what, sql], { world }) => {
  const ann = await world.person('ann');
  await limit(world);
  const home = await homeOf(world, ann, 10);
  expect((await add(world, ann, home)).status).toBe(403);
  await world.rows(sql, [ann.user_id]);
  expect((await add(world, ann, home)).status).toBe(201);
  const { tier, limits, is_free, trial, limitations_enabled } = await status(world, ann);
  expect(limitations_enabled).toBe(what !== 'limits that are off');
  if (limitations_enabled) expect([tier, limits, is_free]).toEqual(['pro', NONE, what === 'a gift']);
  expect([trial.active, trial.used]).toEqual(what.includes('trial') ? [true, true] : [false, false]);
});

test('a trial and a subscription end by themselves', async ({ world }) => {
  const ann = await world.person('ann');
  await limit(world);
  const home = await homeOf(world, ann, 10);
  await world.rows('update subscription_subscriptionsettings set trial_days = 14');
  await world.rows(`update auth_user set created_at = now() - interval '15 days'`);
  expect((await add(world, ann, home)).status).toBe(403);
  expect(await status(world, ann)).toMatchObject({
    tier: 'free',
    trial: { active: false, used: true, ends_at: expect.any(String) },
  });
  await world.rows(
    `insert into subscription_usersubscription (user_id, tier, expires_at) values ($1, 'pro', now() + interval '1 hour')`,
    [ann.user_id],
  );
  expect((await add(world, ann, home)).status).toBe(201);
  await world.rows(`update subscription_usersubscription set expires_at = now() - interval '1 second'`);
  expect((await add(world, ann, home)).status).toBe(403);
});

test('limits are those of the home’s owner, whoever adds', async ({ world }) => {
  const { owner, member, residence_id } = await world.home();
  await limit(world);
  await world.rows(`insert into subscription_usersubscription (user_id, tier) values ($1, 'pro')`, [member.user_id]);
  await world.rows(`insert into task_task (residence_id, title) select $1, 'x' from generate_series(1, 10)`, [
    residence_id,
  ]);
  expect((await add(world, member, residence_id)).body).toMatchObject({ kind: 'tasks', limit: 10, usage: 10 });
  await world.rows(`insert into subscription_usersubscription (user_id, tier) values ($1, 'pro')`, [owner.user_id]);
  expect((await add(world, member, residence_id)).status).toBe(201);
});

test('features say what each tier allows and where it is sold; both reads have validators', async ({ world }) => {
  const ann = await world.person('ann');
  const { body } = await world.send('GET', '/api/subscription/features/', ann);
  expect(Features.strict().parse(body)).toEqual({
    limitations_enabled: false,
    trial_days: 0,
    tiers: [
      { tier: 'free', limits: { residences: 1, tasks: 10, contractors: 3, documents: 3 } },
      { tier: 'pro', limits: NONE },
    ],
    platforms: [],
    price_ids: [],
    account_refs: { apple: expect.stringMatching(/^686f6e65-7944-8000-8000-0{8}/), google: `${ann.user_id}` },
  });
  for (const path of ['status', 'features']) {
    const first = await world.send('GET', `/api/subscription/${path}/`, ann);
    const headers = { 'if-none-match': first.headers.get('etag') ?? '' };
    const again = await world.send('GET', `/api/subscription/${path}/`, ann, undefined, { headers });
    expect([again.status, again.text, again.headers.get('cache-control')]).toEqual([304, '', 'private, no-cache']);
  }
});
