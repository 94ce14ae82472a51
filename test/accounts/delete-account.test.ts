import { Client } from 'pg';
import { expect } from 'vitest';
import { DeletionPlan } from '../../domain/account.ts';
import { ownerUrl } from '../database.ts';
import { NOW, type Person, test, type World } from '../home.ts';
import { identityToken } from '../identities.ts';
import { login, mailed, PASSWORD, registerVerified, type Somebody } from './somebody.ts';

const remove = (world: World, by: Person, input: object | undefined = { password: PASSWORD }, more = {}) =>
  world.send('DELETE', '/api/auth/account/', by, input, more);
const plan = async (world: World, by: Person) => await world.send('DELETE', '/api/auth/account/?dry_run=true', by);

/** Three homes of Ann's: one with members, one with a viewer, one of her own; and she is a member of Bob's. */
async function household(world: World) {
  const people = [];
  for (const name of ['ann', 'bob', 'eve', 'vic']) people.push(await registerVerified(world, name));
  const [ann, bob, eve, vic] = people as [Somebody, Somebody, Somebody, Somebody];
  const home = async (by: Person, name: string): Promise<number> =>
    (await world.send('POST', '/api/residences/', by, { name })).body.id;
  const [shared, watched, alone, bobs] = [
    await home(ann, 'Shared'),
    await home(ann, 'Watched'),
    await home(ann, 'Alone'),
    await home(bob, 'Bob’s'),
  ];
  const join = (residence_id: number, { user_id }: Person, role: string, since: string) =>
    world.rows(
      'insert into residence_residence_users (residence_id, user_id, role, created_at) values ($1, $2, $3, $4)',
      [residence_id, user_id, role, since],
    );
  await join(shared, vic, 'viewer', '2020-01-01');
  await join(shared, bob, 'member', '2022-01-01');
  await join(shared, eve, 'member', '2021-01-01');
  await join(watched, vic, 'viewer', '2020-01-01');
  await join(bobs, ann, 'member', '2020-01-01');
  for (const residence_id of [shared, watched, alone]) await world.task(ann, residence_id);
  await world.rows(
    `insert into task_taskcompletion (task_id, residence_id, completed_at) select id, residence_id, now() from task_task`,
  );
  await world.rows(`insert into task_contractor (residence_id, name) values ($1, 'x'), ($2, 'y')`, [alone, shared]);
  await world.rows(`insert into task_contractor (owner_id, name) values ($1, 'z')`, [ann.user_id]);
  world.rung.length = 0;
  return { ann, bob, eve, vic, shared, watched, alone, bobs };
}

const roles = async (world: World, residence_id: number) =>
  Object.fromEntries(
    (
      await world.rows(
        `select u.username, m.role from residence_residence_users m join auth_user u on u.id = m.user_id where residence_id = $1`,
        [residence_id],
      )
    ).map(({ username, role }) => [username, role]),
  );

test('a dry run lists what would go, and nothing goes', async ({ world }) => {
  const { ann, shared } = await household(world);
  const answer = await plan(world, ann);
  expect(answer.status).toBe(200);
  expect(DeletionPlan.strict().parse(answer.body)).toEqual({
    residences: 2,
    residences_handed_over: 1,
    memberships: 1,
    tasks: 2,
    completions: 2,
    contractors: 2,
    notifications: 0,
    calendar_feeds: 0,
    sessions: 1,
    restorable_until: '2026-04-06',
  });
  expect(await roles(world, shared)).toMatchObject({ ann: 'owner' });
  expect((await world.send('GET', '/api/auth/me/', ann)).status).toBe(200);
});

test('access ends at once; homes pass to the longest-standing member, or are hidden', async ({ world }) => {
  const { ann, bob, eve, vic, shared, watched, alone, bobs } = await household(world);
  expect((await remove(world, ann)).status).toBe(204);

  expect((await world.send('GET', '/api/auth/me/', ann)).status).toBe(401);
  expect((await remove(world, ann)).status).toBe(401);
  const unknown = await login(world, 'nobody', PASSWORD);
  const gone = await login(world, 'ann', PASSWORD);
  expect({ ...gone.body, request_id: '' }).toEqual({ ...unknown.body, request_id: '' });

  expect(await roles(world, shared)).toEqual({ ann: 'member', bob: 'member', eve: 'owner', vic: 'viewer' });
  expect((await world.send('GET', `/api/residences/${shared}/`, eve)).body.role).toBe('owner');
  expect((await world.send('GET', `/api/residences/${watched}/`, vic)).status).toBe(404);
  expect((await world.send('GET', `/api/residences/${bobs}/`, bob)).body.user_count).toBe(1);
  const hidden = await world.rows('select id::int from residence_residence where deleted_at is not null order by id');
  expect(hidden).toEqual([{ id: watched }, { id: alone }]);

  const [mail, ...more] = await mailed(world);
  expect(more).toEqual([]);
  expect(mail).toMatchObject({ to: ann.email, subject: 'Your honeyDue account was deleted' });
  const [{ erased_on }] =
    await world.rows(`select to_char(deleted_at + interval '30 days', 'FMMonth FMDD, YYYY') as erased_on
    from auth_user where deleted_at is not null`);
  expect(mail?.text).toContain(erased_on);
  expect(
    await world.rows(`select action, actor_id::int from audit_log where target_type = 'user' and action = 'deleted'`),
  ).toEqual([{ action: 'deleted', actor_id: ann.user_id }]);
});

test('who is deleted takes nothing over', async ({ world }) => {
  const { ann, bob, eve, shared } = await household(world);
  await remove(world, eve);
  await remove(world, ann);
  expect(await roles(world, shared)).toMatchObject({ bob: 'owner', eve: 'member' });
  await remove(world, bob);
  expect(await world.rows('select from residence_residence where deleted_at is null')).toEqual([]);
});

test('if the last heir leaves meanwhile, the home goes: none is left without an owner', async ({ world }) => {
  const { ann, bob, eve, shared } = await household(world);
  await world.rows('delete from residence_residence_users where residence_id = $1 and user_id = $2', [
    shared,
    bob.user_id,
  ]);
  // Eve's leaving holds the home until the deletion waits for it.
  const leaving = new Client({ connectionString: ownerUrl(world.name) });
  await leaving.connect();
  await leaving.query('begin');
  await leaving.query('delete from residence_residence_users where residence_id = $1 and user_id = $2', [
    shared,
    eve.user_id,
  ]);
  const removing = remove(world, ann);
  const waiting = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  await expect.poll(async () => (await world.rows(waiting)).length, { interval: 10 }).toBe(1);
  await leaving.query('commit');
  await leaving.end();
  expect((await removing).status).toBe(204);
  expect(await roles(world, shared)).toEqual({ ann: 'owner', vic: 'viewer' });
  const kept = await world.rows('select from residence_residence where id = $1 and deleted_at is null', [shared]);
  expect(kept).toEqual([]);
});

test('a wrong password, and none, are wrong fields; the account stays', async ({ world }) => {
  const ann = await registerVerified(world, 'ann');
  for (const input of [{ password: 'wrong wrong' }, {}, undefined]) {
    const refused = await remove(world, ann, input ?? {});
    expect([refused.status, Object.keys(refused.body.fields)]).toEqual([400, ['password']]);
  }
  const bare = await world.send('DELETE', '/api/auth/account/', ann);
  expect([bare.status, Object.keys(bare.body.fields)]).toEqual([400, ['password']]);
  expect((await world.send('GET', '/api/auth/me/', ann)).status).toBe(200);
});

test('whoever signs in with Apple shows a token that is fresh, and their own', async ({ world }) => {
  const claims = { sub: 'ann', email: 'ann@example.com' };
  const identity_token = await identityToken('apple', NOW, claims);
  const { body } = await world.send('POST', '/api/auth/apple-sign-in/', null, { identity_token });
  const ann = { user_id: body.user.id, username: 'ann', token: body.token };
  const minutesAgo = (n: number) => new Date(Date.parse(NOW) - n * 60_000).toISOString();
  const bad = [
    await identityToken('apple', minutesAgo(7), claims),
    await identityToken('apple', NOW, { ...claims, sub: 'somebody else' }),
    await identityToken('google', NOW, claims),
    'nonsense',
  ];
  for (const identity_token of bad) {
    const refused = await remove(world, ann, { identity_token });
    expect([refused.status, Object.keys(refused.body.fields)]).toEqual([400, ['identity_token']]);
  }
  const fresh = await identityToken('apple', minutesAgo(4), claims);
  expect((await remove(world, ann, { identity_token: fresh }, { ports: { address: '192.0.2.1' } })).status).toBe(204);
});

test('an operator can bring it back', async ({ world }) => {
  const { ann } = await household(world);
  await remove(world, ann);
  await world.rows('update auth_user set deleted_at = null where id = $1', [ann.user_id]);
  expect((await login(world, 'ann', PASSWORD)).status).toBe(200);
});
