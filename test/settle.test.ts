import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { settle } from '../dev/settle.ts';
import { type Event, QUEUE_OF } from '../domain/event.ts';
import { JOBS } from '../queues/handle.ts';
import { addEvents, countOf, statesOf } from './consumer.ts';
import { TODAY, test, type World } from './home.ts';

const AFTER_RESTORE = readFileSync('origin/backup/after-restore.sql', 'utf8');
const stateOf = async (world: World, id: number) => (await statesOf(world, [id]))[0];

test('after a restore nothing is sent twice, and nothing is lost without a word', async ({ world }) => {
  const { owner, member, residence_id } = await world.home();
  const { id: task_id } = await world.task(owner, residence_id, { due_date: TODAY });
  await world.rows('delete from outbox');
  await world.rows(
    `insert into notifications_device (user_id, platform, token, environment)
     select id, 'android', 'token of ' || id, 'production' from unnest($1::bigint[]) as u (id)`,
    [[owner.user_id, member.user_id]],
  );
  const add = async (event: Event, queue = QUEUE_OF[event.type]) => (await addEvents(world, [event], queue))[0] ?? 0;
  const changed: Event = { type: 'user.password_changed', user_id: owner.user_id };
  const created = await add({ type: 'task.created', residence_id, task_id });
  const mail = await add(changed);
  const report = await add({ type: 'report.requested', user_id: owner.user_id, job_id: 1 });
  const leased = await add(changed);
  const putOff = await add(changed);
  const dead = await add(changed);
  const discarded = await add({ type: 'file.discarded', object_key: 'completion/x', version_id: 'v' });
  await world.rows(`update outbox set lease_until = now() + interval '1 minute', attempts = 1 where id = any ($1)`, [
    [leased, discarded],
  ]);
  await world.rows(`update outbox set run_at = now() + interval '1 day' where id = $1`, [putOff]);
  await world.rows(`update outbox set dead_at = now() where id = $1`, [dead]);

  world.rung.length = 0;
  await settle(world.ports, (text) => world.rows(text));

  const UNSURE = { state: 'done', is_uncertain: true, error: 'Restored from a backup: it may have been sent before.' };
  for (const id of [mail, report, leased]) expect(await stateOf(world, id)).toMatchObject(UNSURE);
  expect(await stateOf(world, created)).toMatchObject({ state: 'done', is_uncertain: false });
  expect(await stateOf(world, putOff)).toMatchObject({ state: 'later', is_uncertain: false });
  expect(await stateOf(world, dead)).toMatchObject({ state: 'dead' });
  expect(await stateOf(world, discarded)).toMatchObject({ state: 'due' });
  // What concerns the database alone has happened: somebody was told in the app, and what has come due is claimed.
  const told = await world.rows('select from notifications_notification where user_id = $1', [member.user_id]);
  expect(told.length).toBeGreaterThan(0);
  const claims = await countOf(world, `notifications_reminder where channel <> 'in_app'`);
  expect(claims).toBeGreaterThan(0);
  const waiting = `outbox where done_at is null and dead_at is null and run_at <= now() and queue in ('mail', 'push', 'apns')`;
  expect(await countOf(world, waiting)).toBe(0);

  await world.tick('*/15 * * * *');
  expect(await countOf(world, `notifications_reminder where channel <> 'in_app'`)).toBe(claims);
  expect([world.mails, world.pushes, world.rung.flat()]).toEqual([[], [], []]);
  expect(await add(changed)).toBeGreaterThan(1_000_000);
});

test('whatever may happen once only is marked by it', () => {
  const named = [...AFTER_RESTORE.matchAll(/'([a-z.]+)'/g)].map(([, name]) => name);
  const once = Object.entries(JOBS).filter(([, { policy }]) => policy?.may_repeat_uncertain === false);
  expect(once.length).toBeGreaterThan(0);
  for (const [type] of once) {
    const queue = Object.entries(QUEUE_OF).find(([name]) => name === type)?.[1];
    expect(named.includes(type) || named.includes(queue), type).toBe(true);
  }
});
