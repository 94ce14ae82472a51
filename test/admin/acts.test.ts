import { expect } from 'vitest';
import { testTogether as test, type World } from '../home.ts';
import { asAdmin, signedIn } from './operator.ts';
import { things } from './things.ts';

/** What the audit log says of an admin's doing, the newest first. */
const doings = (world: World, admin_id: number) =>
  world.rows(
    `select action, target_type, target_id::int, changed from audit_log where actor_type = 'admin' and actor_id = $1
     and target_type <> 'admin_session' order by id desc`,
    [admin_id],
  );

const lastEvent = async (world: World) =>
  (await world.rows('select event from outbox order by id desc limit 1'))[0]?.event;

test('support for a user: read whole, verified, given pro, signed out, told by mail again', async ({ world }) => {
  const { cookie, admin_id } = await signedIn(world);
  const { owner, residence_id } = await world.home();
  const path = `users/${owner.user_id}/`;
  const email = `${owner.username}@example.com`;
  await world.rows('update auth_user set is_verified = false where id = $1', [owner.user_id]);
  await world.rows(
    `insert into notifications_suppression (address_digest, reason) values (encode(sha256(convert_to($1, 'UTF8')), 'hex'), 'bounce')`,
    [email],
  );
  await world.rows(
    `insert into notifications_device (user_id, platform, token, environment) values ($1, 'ios', $2, 'sandbox')`,
    [owner.user_id, crypto.randomUUID()],
  );
  const { body } = await asAdmin(world, 'GET', path, cookie);
  expect(body).toMatchObject({
    email,
    is_verified: false,
    tier: 'free',
    is_suppressed: true,
    subscription: null,
    homes: [{ residence_id, name: 'Maple House', role: 'owner' }],
    sessions: [{ ip: null }],
    devices: [{ platform: 'ios' }],
    usage: { residences: 1, tasks: 0 },
  });
  expect(JSON.stringify(body)).not.toMatch(/password|digest|hash_key|"token"/);

  expect((await asAdmin(world, 'POST', `${path}verify/`, cookie)).body.is_verified).toBe(true);
  expect(await lastEvent(world)).toEqual({ type: 'user.verified', user_id: owner.user_id });
  expect((await doings(world, admin_id))[0]).toMatchObject({
    action: 'updated',
    target_type: 'user',
    target_id: owner.user_id,
    changed: { is_verified: [false, true] },
  });

  const give = (change: object) => asAdmin(world, 'PATCH', `${path}subscription/`, cookie, change);
  expect((await give({ tier: 'pro', expires_at: '2027-01-01T00:00:00Z' })).body).toMatchObject({
    tier: 'pro',
    subscription: { tier: 'pro', is_free: false, expires_at: '2027-01-01T00:00:00.000Z' },
  });
  expect((await give({ is_free: true })).body.subscription).toMatchObject({ tier: 'pro', is_free: true });
  expect((await give({ tier: 'free', is_free: false, expires_at: null })).body).toMatchObject({
    tier: 'free',
    subscription: { expires_at: null },
  });
  expect((await doings(world, admin_id))[0]).toMatchObject({
    target_type: 'subscription',
    target_id: owner.user_id,
    changed: { tier: ['pro', 'free'], is_free: [true, false] },
  });
  expect((await give({ tier: 'gold' })).status).toBe(400);

  expect((await asAdmin(world, 'POST', `${path}allow-mail/`, cookie)).body.is_suppressed).toBe(false);
  expect((await asAdmin(world, 'POST', `${path}revoke-sessions/`, cookie)).body.sessions).toEqual([]);
  expect((await world.send('GET', '/api/auth/me/', owner)).status).toBe(401);
  for (const verb of ['verify', 'revoke-sessions', 'allow-mail', 'restore']) {
    expect((await asAdmin(world, 'POST', `users/999999/${verb}/`, cookie)).status, verb).toBe(404);
  }
  expect((await asAdmin(world, 'PATCH', 'users/999999/subscription/', cookie, {})).status).toBe(404);
});

test('an account is closed after a dry run, and comes back with its homes for 30 days', async ({ world }) => {
  const { cookie, admin_id } = await signedIn(world);
  const { stranger, elsewhere, owner, member, residence_id } = await world.home();
  const path = `users/${stranger.user_id}/`;
  const plan = await asAdmin(world, 'DELETE', `${path}?dry_run=true`, cookie);
  expect([plan.status, plan.body]).toMatchObject([200, { residences: 1, residences_handed_over: 0, sessions: 1 }]);
  expect((await asAdmin(world, 'GET', path, cookie)).body.deleted_at).toBeNull();

  expect((await asAdmin(world, 'DELETE', path, cookie)).status).toBe(204);
  expect(await lastEvent(world)).toEqual({ type: 'user.deleted', user_id: stranger.user_id });
  expect((await asAdmin(world, 'DELETE', path, cookie)).status).toBe(404);
  expect((await asAdmin(world, 'DELETE', `${path}?dry_run=true`, cookie)).status).toBe(404);
  expect((await world.send('GET', '/api/auth/me/', stranger)).status).toBe(401);
  expect((await asAdmin(world, 'GET', `residences/${elsewhere}/`, cookie)).body.deleted_at).not.toBeNull();
  expect(await doings(world, admin_id)).toContainEqual(
    expect.objectContaining({ action: 'deleted', target_type: 'user', target_id: stranger.user_id }),
  );

  const back = await asAdmin(world, 'POST', `${path}restore/`, cookie);
  expect([back.status, back.body.deleted_at, back.body.home_count]).toEqual([200, null, 1]);
  expect((await asAdmin(world, 'POST', `${path}restore/`, cookie)).status).toBe(404);

  // A home with another member passes to them, and stays theirs.
  expect((await asAdmin(world, 'DELETE', `users/${owner.user_id}/`, cookie)).status).toBe(204);
  expect((await asAdmin(world, 'GET', `residences/?user_id=${member.user_id}`, cookie)).body.results).toMatchObject([
    { id: residence_id, owner_id: member.user_id },
  ]);
  await world.rows(`update auth_user set deleted_at = now() - interval '31 days' where id = $1`, [owner.user_id]);
  expect((await asAdmin(world, 'POST', `users/${owner.user_id}/restore/`, cookie)).status).toBe(404);
});

test('a home: read, its board as each member sees it, paused, resumed and brought back', async ({ world }) => {
  const { cookie, admin_id } = await signedIn(world);
  const { owner, viewer, stranger, residence_id } = await world.home();
  await world.task(owner, residence_id, { title: 'Salt the path', due_date: '2026-03-01' });
  const path = `residences/${residence_id}/`;
  const { body } = await asAdmin(world, 'GET', path, cookie);
  expect(body).toMatchObject({ name: 'Maple House', user_count: 3, counts: { tasks: 1, documents: 0 } });
  expect(body.members.map(({ role }: { role: string }) => role)).toEqual(['owner', 'member', 'viewer']);

  const board = (by = '') => asAdmin(world, 'GET', `${path}board/${by}`, cookie);
  const own = await world.send('GET', `/api/tasks/by-residence/${residence_id}/`, owner);
  expect((await board()).body).toEqual(own.body);
  expect((await board('?include=cancelled')).body.columns).toHaveLength(6);
  expect((await board(`?user_id=${viewer.user_id}`)).body.columns[0].tasks).toMatchObject([{ title: 'Salt the path' }]);
  expect((await board(`?user_id=${stranger.user_id}`)).status).toBe(404);

  const version = async () =>
    (await world.rows('select version::int from residence_version where residence_id = $1', [residence_id]))[0].version;
  const before = await version();
  expect((await asAdmin(world, 'POST', `${path}pause/`, cookie)).body.is_paused).toBe(true);
  expect([await version(), await lastEvent(world)]).toEqual([before + 1, { type: 'residence.paused', residence_id }]);
  expect((await asAdmin(world, 'POST', `${path}resume/`, cookie)).body.is_paused).toBe(false);
  expect((await asAdmin(world, 'POST', `${path}restore/`, cookie)).status).toBe(404);
  await world.send('DELETE', `/api/residences/${residence_id}/`, owner);
  expect((await asAdmin(world, 'POST', `${path}pause/`, cookie)).status).toBe(404);
  expect((await asAdmin(world, 'POST', `${path}restore/`, cookie)).body.deleted_at).toBeNull();
  expect((await world.send('GET', `/api/residences/${residence_id}/`, viewer)).status).toBe(200);
  expect((await doings(world, admin_id))[0]).toMatchObject({ action: 'restored', target_type: 'residence' });
});

test('templates are edited, and tried on a home or a profile before', async ({ world }) => {
  const { cookie, admin_id } = await signedIn(world);
  const { owner, residence_id } = await world.home();
  await world.rows(`update residence_residence set has_pool = true, heating_type = 'boiler' where id = $1`, [
    residence_id,
  ]);
  const conditions = { has_pool: true, heating_type: 'boiler' };
  const template = { title: 'Cover the pool', conditions };
  const preview = (input: object) => asAdmin(world, 'POST', 'templates/preview/', cookie, input);
  expect((await preview({ residence_id, template })).body.score).toBe(0.55);
  expect((await preview({ profile: { has_pool: true }, template })).body.score).toBe(0.3);
  expect((await preview({ profile: { has_pool: false }, template })).body.score).toBeNull();
  expect((await preview({ residence_id: 999_999 })).status).toBe(404);
  expect((await preview({ template: { conditions: { has_moat: true } } })).status).toBe(400);

  const made = await asAdmin(world, 'POST', 'templates/', cookie, { ...template, tags: ['summer'], category_id: 1 });
  expect([made.status, made.body]).toMatchObject([201, { title: 'Cover the pool', conditions, is_active: true }]);
  const seen = async () =>
    (await world.send('GET', `/api/tasks/suggestions/?residence_id=${residence_id}`, owner)).body.results.some(
      ({ template: { id } }: { template: { id: number } }) => id === made.body.id,
    );
  expect(await seen()).toBe(true);
  const path = `templates/${made.body.id}/`;
  expect((await asAdmin(world, 'PATCH', path, cookie, { is_active: false })).body.is_active).toBe(false);
  expect(await seen()).toBe(false);
  expect((await doings(world, admin_id))[0]).toMatchObject({ changed: { is_active: [true, false] } });
  expect((await asAdmin(world, 'PATCH', path, cookie, { category_id: 999 })).body.fields).toHaveProperty('category_id');
  expect((await asAdmin(world, 'PATCH', 'templates/999999/', cookie, { title: 'x' })).status).toBe(404);
});

test('look-ups are added, renamed and, while nothing uses them, deleted', async ({ world }) => {
  const { cookie, admin_id } = await signedIn(world);
  for (const [kind, more] of [
    ['residence-types', { color: '#112233', icon: 'house' }],
    ['task-categories', { color: null }],
    ['task-priorities', { level: 9 }],
    ['contractor-specialties', {}],
  ] as const) {
    const name = crypto.randomUUID();
    const made = await asAdmin(world, 'POST', `look-ups/${kind}/`, cookie, { name, ...more });
    expect([made.status, made.body], made.text).toMatchObject([201, { name, is_used: false, ...more }]);
    const path = `look-ups/${kind}/${made.body.id}/`;
    const again = await asAdmin(world, 'POST', `look-ups/${kind}/`, cookie, { name });
    expect([again.status, again.body.code]).toEqual([409, 'name_taken']);
    const changed = await asAdmin(world, 'PATCH', path, cookie, { name: `${name} 2`, display_order: 3 });
    expect(changed.body).toMatchObject({ name: `${name} 2`, display_order: 3, ...more });
    expect((await doings(world, admin_id))[0]).toMatchObject({
      action: 'updated',
      changed: { name: [name, `${name} 2`] },
    });
    expect((await asAdmin(world, 'DELETE', path, cookie)).status).toBe(204);
    expect((await asAdmin(world, 'DELETE', path, cookie)).status).toBe(404);
    expect((await asAdmin(world, 'PATCH', path, cookie, { name })).status).toBe(404);
  }
  const { owner, residence_id } = await world.home();
  await world.task(owner, residence_id, { category_id: 5 });
  // What a frequency means is known to the rules; what it is called may change.
  const weekly = 'look-ups/task-frequencies/3/';
  expect((await asAdmin(world, 'PATCH', weekly, cookie, { name: 'Each week' })).body.name).toBe('Each week');
  expect((await asAdmin(world, 'PATCH', weekly, cookie, { interval: 2 })).body.fields).toHaveProperty('interval');
  const often = { name: 'Often', interval: 2, unit: 'day' };
  expect((await asAdmin(world, 'POST', 'look-ups/task-frequencies/', cookie, often)).status).toBe(400);
  expect((await world.send('GET', '/api/tasks/frequencies/', null)).body[2].name).toBe('Each week');
  const used = await asAdmin(world, 'DELETE', 'look-ups/task-categories/5/', cookie);
  expect([used.status, used.body.code]).toEqual([409, 'in_use']);
  expect((await asAdmin(world, 'GET', 'look-ups/moods/', cookie)).status).toBe(404);
});

test('messages are answered and closed; keys are shown once, and revoked', async ({ world }) => {
  const { cookie, admin_id } = await signedIn(world);
  const { message_id } = await things(world, admin_id);
  expect((await asAdmin(world, 'POST', `contact-messages/${message_id}/answer/`, cookie)).body.status).toBe('answered');
  expect((await asAdmin(world, 'POST', `contact-messages/${message_id}/close/`, cookie)).body.status).toBe('closed');
  expect((await doings(world, admin_id))[0]).toMatchObject({ changed: { status: ['answered', 'closed'] } });
  expect((await asAdmin(world, 'POST', 'contact-messages/999999/close/', cookie)).status).toBe(404);

  const made = await asAdmin(world, 'POST', 'contact-keys/', cookie, { name: 'Partner', per_hour: 5 });
  expect([made.status, made.body]).toMatchObject([201, { name: 'Partner', per_hour: 5, revoked_at: null }]);
  const send = () =>
    world.send(
      'POST',
      '/api/contact/',
      null,
      { name: 'Jo', email: 'jo@example.com', message: 'Hello' },
      { headers: { 'x-api-key': made.body.key } },
    );
  expect((await send()).status).toBe(200);
  expect((await asAdmin(world, 'GET', `contact-keys/${made.body.id}/`, cookie)).text).not.toContain(made.body.key);
  expect((await asAdmin(world, 'POST', `contact-keys/${made.body.id}/revoke/`, cookie)).body.revoked_at).not.toBeNull();
  expect((await send()).status).toBe(401);
});

test('the switches hold at once; while users’ writes are refused, admins’ go on', async ({ world }) => {
  const { cookie, admin_id } = await signedIn(world);
  const { owner, residence_id } = await world.home();
  const set = (change: object) => asAdmin(world, 'PATCH', 'settings/', cookie, change);
  const before = (await asAdmin(world, 'GET', 'settings/', cookie)).body;
  const changed = await set({ is_read_only: true, trial_days: 14, tiers: { free: { tasks: 20 } } });
  expect(changed.body).toEqual({
    ...before,
    is_read_only: true,
    trial_days: 14,
    tiers: { ...before.tiers, free: { ...before.tiers.free, tasks: 20 } },
  });
  expect((await world.send('POST', '/api/tasks/', owner, { residence_id, title: 'x' })).body.code).toBe('read_only');
  expect((await set({ is_read_only: false, min_app_version: '3.0.0' })).body.is_read_only).toBe(false);
  const old = await world.send('GET', '/api/tasks/', owner, undefined, { headers: { 'x-app-version': '2.9' } });
  expect(old.status).toBe(426);
  expect((await set({ min_app_version: null, trial_days: 0 })).status).toBe(200);
  expect((await set({ min_app_version: 'latest' })).status).toBe(400);
  expect(await doings(world, admin_id)).toContainEqual(
    expect.objectContaining({ target_type: 'app_setting', changed: { is_read_only: [false, true] } }),
  );
  expect((await set({})).status).toBe(200);
});

test('dead letters are sent again, one or all like it, and rung', async ({ world }) => {
  const { cookie } = await signedIn(world);
  await world.rows(
    `insert into outbox (event, attempts, last_error, dead_at)
     select jsonb_build_object('type', 'tasks.created', 'n', n), 8, 'Error: ' || n % 2, now() from generate_series(1, 5) n`,
  );
  const { body } = await asAdmin(world, 'GET', 'dead-letters/?type=tasks.created', cookie);
  expect(body.results).toHaveLength(5);
  const [{ id }] = body.results;
  world.rung.length = 0;
  expect((await asAdmin(world, 'POST', `dead-letters/${id}/retry/`, cookie)).body).toEqual({
    retried: 1,
    has_more: false,
  });
  expect(world.rung).toEqual([[id]]);
  expect((await asAdmin(world, 'POST', `dead-letters/${id}/retry/`, cookie)).status).toBe(404);
  const like = await asAdmin(world, 'POST', 'dead-letters/retry/', cookie, {
    type: 'tasks.created',
    error: 'Error: 0',
  });
  expect(like.body.retried).toBe(2);
  const rest = await asAdmin(world, 'POST', 'dead-letters/retry/', cookie, { type: 'tasks.created' });
  expect(rest.body.retried).toBe(2);
});

test('figures, status and one search across everything', async ({ world }) => {
  const { cookie } = await signedIn(world, 'support');
  const { owner, residence_id } = await world.home();
  const title = `Zorbing ${crypto.randomUUID()}`;
  const task = await world.task(owner, residence_id, { title });
  await world.rows(`insert into task_taskcompletion (task_id, residence_id, completed_at) values ($1, $2, now())`, [
    task.id,
    residence_id,
  ]);
  const { body } = await asAdmin(world, 'GET', 'overview/', cookie);
  expect([body.users.per_day.length, body.completions.per_day.length, body.queues.length]).toEqual([90, 90, 6]);
  expect(body.completions.per_day.at(-1).count).toBeGreaterThan(0);
  const [{ users }] = await world.rows('select count(*)::int as users from auth_user');
  expect([body.users.total, body.users.per_day.at(-1).count]).toEqual([users, users]);

  const status = (await asAdmin(world, 'GET', 'status/', cookie)).body;
  expect(status).toMatchObject({ release: 'test', parts: { schema: { state: 'ok' } } });
  const found = (await asAdmin(world, 'GET', `search/?q=${title.slice(0, 20)}`, cookie)).body.results;
  expect(found).toEqual([{ type: 'task', id: task.id, title, detail: null }]);
  const byName = (await asAdmin(world, 'GET', `search/?q=${owner.username}`, cookie)).body.results;
  expect(byName).toMatchObject([{ type: 'user', id: owner.user_id }]);
  const byId = (await asAdmin(world, 'GET', `search/?q=${task.id}`, cookie)).body.results;
  expect(byId).toContainEqual(expect.objectContaining({ type: 'task', id: task.id }));
});
