import { expect } from 'vitest';
import { Member } from '../domain/member.ts';
import { type Person, test, type World } from './home.ts';

const rolesIn = (world: World, residence_id: number) =>
  world.rows('select user_id::int, role from residence_residence_users where residence_id = $1 order by user_id', [
    residence_id,
  ]);

test('lists the members in the order they came, without those who deleted their account', async ({ world }) => {
  const { owner, member, viewer, residence_id } = await world.home();
  const people: Person[] = [];
  for (const name of ['zoe', 'yan', 'xia']) {
    const one = await world.person(name);
    people.push(one);
    await world.rows(`insert into residence_residence_users (residence_id, user_id, role) values ($1, $2, 'viewer')`, [
      residence_id,
      one.user_id,
    ]);
  }
  await world.rows(`update auth_user set deleted_at = now() where username = 'yan'`);
  const seen: unknown[] = [];
  let cursor = '';
  do {
    const path = `/api/residences/${residence_id}/users/?limit=2${cursor && `&cursor=${cursor}`}`;
    const { body } = await world.send('GET', path, viewer);
    for (const one of body.results) seen.push(Member.strict().parse(one).user_id);
    cursor = body.next_cursor;
  } while (cursor);
  expect(seen).toEqual([owner, member, viewer, people[0], people[2]].map((one) => one?.user_id));
  expect((await world.send('GET', `/api/residences/${residence_id}/`, viewer)).body.user_count).toBe(5);
  expect((await world.send('GET', `/api/residences/${residence_id}/users/?cursor=x`, viewer)).status).toBe(400);
});

test('a member becomes a viewer, who may not write', async ({ world }) => {
  const { owner, member, residence_id } = await world.home();
  const path = `/api/residences/${residence_id}/users/${member.user_id}/`;
  const changed = await world.send('PATCH', path, owner, { role: 'viewer' });
  expect([changed.status, Member.strict().parse(changed.body).role]).toEqual([200, 'viewer']);
  expect((await world.send('POST', '/api/tasks/', member, { residence_id, title: 'x' })).status).toBe(403);
  expect((await world.send('POST', `/api/residences/${residence_id}/pause/`, member)).status).toBe(403);
  expect((await world.send('GET', `/api/residences/${residence_id}/`, member)).body.role).toBe('viewer');

  const seen = { headers: { 'if-match': changed.headers.get('etag') ?? '' } };
  expect((await world.send('PATCH', path, owner, { role: 'member' }, seen)).status).toBe(200);
  expect((await world.send('DELETE', path, owner, undefined, seen)).status).toBe(412);
  for (const wrong of [{}, { role: 'owner' }, { role: null }]) {
    expect((await world.send('PATCH', path, owner, wrong)).status).toBe(400);
  }
});

test('the owner stays: no lesser role, no removal, no leaving', async ({ world }) => {
  const { owner, stranger, residence_id } = await world.home();
  const path = `/api/residences/${residence_id}`;
  for (const [method, at, body] of [
    ['PATCH', `${path}/users/${owner.user_id}/`, { role: 'member' }],
    ['DELETE', `${path}/users/${owner.user_id}/`, undefined],
    ['POST', `${path}/leave/`, undefined],
  ] as const) {
    const answer = await world.send(method, at, owner, body);
    expect([answer.status, answer.body.code]).toEqual([409, 'owner_must_stay']);
  }
  expect((await world.send('DELETE', `${path}/users/${stranger.user_id}/`, owner)).status).toBe(404);
  expect((await world.send('PATCH', `${path}/users/999999/`, owner, { role: 'viewer' })).status).toBe(404);
});

test('who was removed, and who left, is a stranger; their tasks are nobody’s', async ({ world }) => {
  const { owner, member, viewer, residence_id } = await world.home();
  const path = `/api/residences/${residence_id}`;
  const task = await world.task(owner, residence_id, { assigned_to_id: member.user_id });
  const read = {
    headers: { 'if-none-match': (await world.send('GET', `${path}/`, member)).headers.get('etag') ?? '' },
  };
  expect((await world.send('DELETE', `${path}/users/${member.user_id}/`, owner)).status).toBe(204);
  expect((await world.send('POST', `${path}/leave/`, viewer)).status).toBe(204);

  expect((await world.send('GET', `/api/tasks/${task.id}/`, owner)).body.assigned_to_id).toBeNull();
  const missing = await world.send('GET', '/api/residences/999999/', member);
  for (const former of [member, viewer]) {
    for (const at of [`${path}/`, `${path}/users/`, `${path}/share-code/`, `/api/tasks/${task.id}/`]) {
      const answer = await world.send('GET', at, former, undefined, read);
      expect([answer.status, { ...answer.body, request_id: '' }]).toEqual([404, { ...missing.body, request_id: '' }]);
    }
    expect((await world.send('POST', '/api/tasks/', former, { residence_id, title: 'x' })).status).toBe(404);
    expect((await world.send('POST', `${path}/leave/`, former)).status).toBe(404);
    expect((await world.send('GET', '/api/residences/my/', former)).body.results).toEqual([]);
    expect((await world.send('GET', '/api/residences/summary/', former)).body.total_residences).toBe(0);
  }
});

test('leaving with a key is answered again as it was', async ({ world }) => {
  const { member, residence_id } = await world.home();
  const keyed = { headers: { 'idempotency-key': 'k' } };
  const path = `/api/residences/${residence_id}/leave/`;
  expect((await world.send('POST', path, member, undefined, keyed)).status).toBe(204);
  const again = await world.send('POST', path, member, undefined, keyed);
  expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([204, 'true']);
});

test('a home that was transferred has one owner, the new one', async ({ world }) => {
  const { owner, member, viewer, stranger, residence_id } = await world.home();
  const path = `/api/residences/${residence_id}`;
  for (const user_id of [owner.user_id, stranger.user_id, 999_999]) {
    const { status, body } = await world.send('POST', `${path}/transfer/`, owner, { user_id });
    expect([status, Object.keys(body.fields)]).toEqual([400, ['user_id']]);
  }
  const given = await world.send('POST', `${path}/transfer/`, owner, { user_id: viewer.user_id });
  expect([given.status, given.body.role]).toEqual([200, 'member']);
  expect(await rolesIn(world, residence_id)).toEqual(
    expect.arrayContaining([
      { user_id: owner.user_id, role: 'member' },
      { user_id: member.user_id, role: 'member' },
      { user_id: viewer.user_id, role: 'owner' },
    ]),
  );
  expect((await world.send('DELETE', `${path}/`, owner)).status).toBe(403);
  expect((await world.send('POST', `${path}/leave/`, owner)).status).toBe(204);
  expect((await world.send('DELETE', `${path}/`, viewer)).status).toBe(204);
});

/** The database, as it is for a write between whose two round trips something else happens. */
const interrupted = (world: World, meanwhile: () => Promise<unknown>) => {
  const { db } = world.ports;
  let trips = 0;
  const batch: typeof db.batch = async (statements) => {
    trips += 1;
    if (trips === 2) await meanwhile();
    return await db.batch(statements);
  };
  return { ports: { db: Object.assign(Object.create(db), { batch }) } };
};

test.for([
  ['leaving', 'the home was given to who leaves', 409],
  ['leaving', 'the home was renamed', 204],
  ['removing', 'the home was given away', 403],
  ['removing', 'the member left', 404],
  ['changing a role', 'the member left', 404],
  ['giving', 'the member left', 400],
] as const)('%s while %s is %i, and a home has one owner', async ([deed, event, status], { world }) => {
  const { owner, member, residence_id } = await world.home();
  const path = `/api/residences/${residence_id}`;
  const heir = { user_id: member.user_id };
  const events = {
    'the home was given to who leaves': () => world.send('POST', `${path}/transfer/`, owner, heir),
    'the home was given away': () => world.send('POST', `${path}/transfer/`, owner, heir),
    'the home was renamed': () => world.send('PATCH', `${path}/`, owner, { name: 'Oak' }),
    'the member left': () => world.send('POST', `${path}/leave/`, member),
  };
  const meanwhile = interrupted(world, events[event]);
  const deeds = {
    leaving: () => world.send('POST', `${path}/leave/`, member, undefined, meanwhile),
    removing: () => world.send('DELETE', `${path}/users/${member.user_id}/`, owner, undefined, meanwhile),
    'changing a role': () =>
      world.send('PATCH', `${path}/users/${member.user_id}/`, owner, { role: 'viewer' }, meanwhile),
    giving: () => world.send('POST', `${path}/transfer/`, owner, heir, meanwhile),
  };
  expect((await deeds[deed]()).status).toBe(status);
  expect((await rolesIn(world, residence_id)).filter(({ role }) => role === 'owner')).toHaveLength(1);
});
