import { type SQL, sql } from 'drizzle-orm';
import { type Db, statement } from './client.ts';

type News = { type: string; title: string; doer: SQL };

/** Tells homes that a task was made. */
export const tellOfNewTasks = (db: Db, event_ids: number[]) =>
  tellOthers(db, event_ids, { type: 'task_created', title: 'New task', doer: sql`t.created_by_id` });

/** Tells homes that a task was done. */
export const tellOfCompletions = (db: Db, event_ids: number[]) =>
  tellOthers(db, event_ids, {
    type: 'task_completed',
    title: 'Task completed',
    doer: sql`(select completed_by_id from task_taskcompletion where id = (o.event ->> 'completion_id')::bigint)`,
  });

/** One notification to each member of the task's home but the one who did it; a second run adds nothing. */
const tellOthers = (db: Db, event_ids: number[], { type, title, doer }: News) =>
  statement(
    db,
    sql`insert into notifications_notification (user_id, residence_id, event_id, type, title, body, data)
        select m.user_id, t.residence_id, o.id, ${type}, ${title}, t.title || ' · ' || r.name,
          jsonb_build_object('residence_id', t.residence_id, 'task_id', t.id)
        from outbox o
        join task_task t on t.id = (o.event ->> 'task_id')::bigint
        join residence_residence r on r.id = t.residence_id and r.deleted_at is null
        join residence_residence_users m on m.residence_id = t.residence_id
        where o.id = any (${sql.param(event_ids)}::bigint[]) and m.user_id is distinct from ${doer}
        on conflict (user_id, event_id) do nothing`,
  );
