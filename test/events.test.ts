import { expect } from 'vitest';
import { test } from './home.ts';

const PENDING = 'select id::int from outbox where done_at is null and dead_at is null order by id';
const doorbells = (rung: number[][]) => rung.flat().map((event_id) => ({ event_id }));

test('a task made by one member becomes a notification for the others, once however often the bell rings', async ({
  world,
}) => {
  const { owner, member, viewer, stranger, residence_id } = await world.home();
  await world.task(owner, residence_id, { title: 'Clean the gutters' });
  const bells = doorbells(world.rung);
  const outcomes = await world.deliver([...bells, ...bells, { nonsense: true }]);
  expect(new Set(outcomes)).toEqual(new Set(['ack']));
  await world.deliver(bells);
  const told = await world.rows('select user_id::int, type, body from notifications_notification order by user_id');
  const news = { type: 'task_created', body: 'Clean the gutters · Maple House' };
  expect(told).toEqual(
    [member, viewer].map(({ user_id }) => ({ user_id, ...news })).sort((a, b) => a.user_id - b.user_id),
  );
  expect(told.map(({ user_id }) => user_id)).not.toContain(stranger.user_id);
  expect(await world.rows(PENDING)).toEqual([]);
});

test('two consumers at the same moment tell once', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  await world.task(owner, residence_id);
  const bells = doorbells(world.rung);
  await Promise.all([world.deliver(bells), world.deliver(bells), world.deliver(bells)]);
  expect(await world.rows('select count(*)::int n from notifications_notification')).toEqual([{ n: 2 }]);
});

test('a lost bell changes nothing: cron finds what was not rung', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  const broken = { ports: { ring: () => Promise.reject(new Error('the queue is away')) } };
  const made = await world.send('POST', '/api/tasks/', owner, { residence_id, title: 'Quiet' }, broken);
  expect(made.status).toBe(201);
  expect(world.logged).toContainEqual(expect.objectContaining({ event: 'deferred.failed' }));
  world.rung.length = 0;
  await world.tick('* * * * *');
  expect(world.rung.flat()).toEqual((await world.rows(PENDING)).map(({ id }) => id));
  await world.deliver(doorbells(world.rung));
  expect(await world.rows(PENDING)).toEqual([]);
  expect(await world.rows('select count(*)::int n from notifications_notification')).toEqual([{ n: 2 }]);
});

test('a poison event waits its turns and dies alone; its neighbours pass', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  await world.task(owner, residence_id);
  const [{ id }] = await world.rows(`insert into outbox (event) values ('{"type":"no.such.thing"}') returning id::int`);
  await world.deliver([{ event_id: id }, ...doorbells(world.rung)]);
  expect(await world.rows(PENDING)).toEqual([{ id }]);
  expect(
    await world.rows(
      'select attempts, run_at > now() as later, last_error is not null as said from outbox where id = $1',
      [id],
    ),
  ).toEqual([{ attempts: 1, later: true, said: true }]);
  expect(await world.deliver([{ event_id: id }])).toEqual(['ack']);
  for (let attempt = 2; attempt <= 8; attempt += 1) {
    await world.rows('update outbox set run_at = now() where id = $1', [id]);
    await world.deliver([{ event_id: id }]);
  }
  const [dead] = await world.rows(
    'select attempts, dead_at is not null as dead, last_error from outbox where id = $1',
    [id],
  );
  expect(dead).toMatchObject({ attempts: 8, dead: true });
});

test('with the database out of reach a message is tried again later', async ({ world }) => {
  const { connect } = await import('../db/client.ts');
  world.ports.db = connect('postgresql://honeydue_app:wrong@127.0.0.1:1/nowhere');
  expect(await world.deliver([{ event_id: 1 }])).toEqual(['retry']);
});

test('every write leaves exactly one event and its audit row, with the request that made it', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  const task = await world.task(owner, residence_id);
  const headers = { 'x-request-id': 'req-42', traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` };
  await world.send(
    'PATCH',
    `/api/tasks/${task.id}/`,
    owner,
    { title: 'Secret title', due_date: '2026-04-01' },
    { headers },
  );
  const [event] = await world.rows(`select event, traceparent from outbox where request_id = 'req-42'`);
  expect(event.event).toEqual({ type: 'task.updated', residence_id, task_id: task.id });
  expect(event.traceparent).toMatch(/^00-a{32}-[0-9a-f]{16}-01$/);
  const [audit, ...more] = await world.rows(
    `select actor_id::int, action, changed, address from audit_log where request_id = 'req-42'`,
  );
  expect(more).toEqual([]);
  expect(audit).toMatchObject({ actor_id: owner.user_id, action: 'updated', address: '203.0.113.7' });
  expect(audit.changed.due_date).toEqual([null, '2026-04-01']);
  expect(JSON.stringify(audit.changed)).not.toContain('Secret');
});

test('nobody may change the audit log but the one function that truncates addresses', async ({ world }) => {
  await world.home();
  await expect(world.rows('update audit_log set actor_id = 1')).rejects.toThrow('append-only');
  await expect(world.rows('delete from audit_log')).rejects.toThrow('append-only');
  await expect(world.rows('truncate audit_log')).rejects.toThrow('append-only');
  await world.rows(`insert into audit_log (at, actor_type, action, target_type, target_id, address)
    values (now() - interval '31 days', 'user', 'created', 'task', 1, '198.51.100.77')`);
  await world.tick('10 * * * *');
  const [old] = await world.rows(`select address from audit_log where address like '%/%'`);
  expect(old).toEqual({ address: '198.51.100.0/24' });
});

test('what may be forgotten is forgotten on the hour', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  await world.send(
    'POST',
    '/api/tasks/',
    owner,
    { residence_id, title: 'x' },
    { headers: { 'idempotency-key': 'old' } },
  );
  await world.send(
    'POST',
    '/api/tasks/',
    owner,
    { residence_id, title: 'x' },
    { headers: { 'idempotency-key': 'new' } },
  );
  await world.rows(`update idempotency_key set created_at = now() - interval '8 days' where key = 'old'`);
  await world.tick('10 * * * *');
  expect(await world.rows('select key from idempotency_key')).toEqual([{ key: 'new' }]);
});

test('per home, the change log has no gap and the order of versions is the order of commits', async ({ world }) => {
  const { owner, member, residence_id } = await world.home();
  const makers = Array.from({ length: 20 }, (_, n) => world.task(n % 2 ? owner : member, residence_id));
  await Promise.all(makers);
  const versions = await world.rows(
    'select version::int, n from change_log where residence_id = $1 order by version, n',
    [residence_id],
  );
  const [{ version }] = await world.rows('select version::int from residence_version where residence_id = $1', [
    residence_id,
  ]);
  expect([...new Set(versions.map((row) => row.version))]).toEqual(Array.from({ length: version }, (_, n) => n + 1));
});
