import { setTimeout as wait } from 'node:timers/promises';
import type { Stand } from '../bench/stand.ts';
import { type Finding, finding } from './finding.ts';

/** A consumer that the crash caught holds its events for a minute longer. */
const DRAIN_MS_MAX = 90_000;
const LOOK_MS = 50;

/** Compares the tasks that were acknowledged, by title, with what the database holds: no more, no less, each once. */
export async function compareBooks(stand: Stand, prefix: string, acknowledged: Map<string, number>) {
  await drain(stand);
  const rows = await stand.query(
    `select t.title, t.id::int,
       (select count(*) from audit_log a where a.target_type = 'task' and a.target_id = t.id and a.action = 'created'
          and a.actor_id = t.created_by_id and split_part(a.request_id, '.', 1) = t.title)::int as audits,
       (select count(*) from outbox o
          where o.event ->> 'type' = 'task.created' and (o.event ->> 'task_id')::bigint = t.id)::int as events,
       (select count(*) from notifications_notification n where (n.data ->> 'task_id')::bigint = t.id)::int as told
     from task_task t where t.title like $1`,
    [`${prefix}-%`],
  );
  const [all] = await stand.query(
    `select (select count(*) from audit_log where request_id like $1)::int as audits,
       (select count(*) from outbox where request_id like $1)::int as events,
       (select count(*) from outbox where done_at is null)::int as pending,
       (select count(*) - 1 from residence_residence_users where residence_id = 1)::int as others`,
    [`${prefix}-%`],
  );
  const { size } = acknowledged;
  const matching = rows.filter(({ title, id }) => acknowledged.get(title) === id).length;
  const audited = rows.filter(({ audits }) => audits === 1).length;
  const evented = rows.filter(({ events }) => events === 1).length;
  const told = rows.filter((row) => row.told === all.others).length;
  return [
    finding(
      'every acknowledged task exactly once, and no other',
      rows.length === size && matching === size,
      `${size} acknowledged, ${rows.length} tasks, ${matching} of them as acknowledged`,
    ),
    finding(
      'one audit row for each task',
      all.audits === size && audited === size,
      `${all.audits} rows; ${audited} tasks with one that names who and which request`,
    ),
    finding(
      'one outbox row for each task, and each done',
      all.events === size && evented === size && all.pending === 0,
      `${all.events} rows; ${evented} tasks with one; ${all.pending} pending`,
    ),
    finding(
      'each other member told once of each task',
      told === size && all.others > 0,
      `${told} tasks that ${all.others} others were told of`,
    ),
  ] satisfies Finding[];
}

/** Until every event is done. Cron comes each minute; here it comes at once, for the bells that the crash has lost. */
async function drain({ query, scheduled }: Stand): Promise<void> {
  const deadline = performance.now() + DRAIN_MS_MAX;
  for (;;) {
    const [{ pending }] = await query('select count(*)::int as pending from outbox where done_at is null');
    if (pending === 0 || performance.now() > deadline) return;
    await scheduled('* * * * *');
    await wait(LOOK_MS);
  }
}
