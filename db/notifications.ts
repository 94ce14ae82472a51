import { type SQL, sql } from 'drizzle-orm';
import { type Db, statement } from './client.ts';

type News = { event_id: number; task_id: number; type: string; title: string };

/** Tells a home that a task was made. */
export const tellOfNewTask = (db: Db, event_id: number, task_id: number) =>
  tellOthers(db, { event_id, task_id, type: 'task_created', title: 'New task' }, sql`t.created_by_id`);

/** Tells a home that a task was done. */
export const tellOfCompletion = (db: Db, event_id: number, task_id: number, completion_id: number) =>
  tellOthers(
    db,
    { event_id, task_id, type: 'task_completed', title: 'Task completed' },
    sql`(select completed_by_id from task_taskcompletion where id = ${completion_id})`,
  );

/** One notification to each member of the task's home but the one who did it; a second run adds nothing. */
const tellOthers = (db: Db, { event_id, task_id, type, title }: News, doer: SQL) =>
  statement(
    db,
    sql`insert into notifications_notification (user_id, residence_id, event_id, type, title, body, data)
        select m.user_id, t.residence_id, ${event_id}, ${type}, ${title}, t.title || ' · ' || r.name,
          jsonb_build_object('residence_id', t.residence_id, 'task_id', t.id)
        from task_task t
        join residence_residence r on r.id = t.residence_id and r.deleted_at is null
        join residence_residence_users m on m.residence_id = t.residence_id
        where t.id = ${task_id} and m.user_id is distinct from ${doer}
        on conflict (user_id, event_id) do nothing`,
  );
