import { type SQL, sql } from 'drizzle-orm';
import { NOTICE_TITLES } from '../domain/notification.ts';
import type { NotificationType } from '../domain/preferences.ts';
import type { JoinerRole } from '../domain/share-code.ts';
import { effective } from './columns.ts';
import { isOpen } from './due-tasks.ts';

/** The ids that the app needs to show it. */
type NewsData = { residence_id: number; task_id?: number; task_ids?: number[]; user_id?: number };

/** What of an event is told to one person: a line in the app, the same on a phone, and what a letter needs beyond it. */
export type News = { title: string; body: string; data: NewsData; residence_name: string } & (
  | {
      type: Extract<NotificationType, 'task_assigned'>;
      assigned_by: string;
      tasks: { task_title: string; effective_date: string | null }[];
    }
  | {
      type: Extract<NotificationType, 'task_completed'>;
      completed_by: string;
      completed_at: string;
      task_title: string;
      notes: string;
      next_due_date: string | null;
    }
  | {
      type: Extract<NotificationType, 'residence_shared'>;
      role: JoinerRole;
      /** Null: it is the reader who joined. */
      member_name: string | null;
    }
);

/** What is told of in the app alone, to everybody: there is nothing to choose. */
export const IN_APP_ALONE = sql`array['task_created', 'tasks_created']`;

const ofType = (...types: string[]): SQL => sql`o.event ->> 'type' = any (${sql.param(types)}::text[])`;
const idOf = (name: string): SQL => sql`(o.event ->> ${name}::text)::bigint`;

/** What people call a user. */
const nameOf = (user: string): SQL => {
  const u = sql.identifier(user);
  return sql`coalesce(nullif(trim(${u}.first_name || ' ' || ${u}.last_name), ''), ${u}.username, 'Somebody')`;
};

/** One task of an event, or all of a batch. */
const tasksOf = sql`t.id = any (case when ${ofType('tasks.created')}
  then array(select id::bigint from jsonb_array_elements_text(o.event -> 'task_ids') as x (id)) else array[${idOf('task_id')}] end)`;
const theirHome = sql`join residence_residence r on r.id = t.residence_id and r.deleted_at is null`;
const aboutTasks = sql`case when ${ofType('tasks.created')}
  then jsonb_build_object('residence_id', r.id, 'task_ids', jsonb_agg(t.id order by t.id))
  else jsonb_build_object('residence_id', r.id, 'task_id', min(t.id)) end`;
/** The title of one, the number of many. */
const summed = (many: string): SQL =>
  sql`case count(*) when 1 then min(t.title) else count(*) || ${many}::text end || ' · ' || r.name`;

/** To whoever has to do tasks now, unless they gave them to themselves. */
const assigned = sql`
  select m.user_id, r.id as residence_id, 'task_assigned' as type, ${NOTICE_TITLES.task_assigned}::text as title,
    ${summed(' tasks')} as body, ${aboutTasks} as data,
    jsonb_build_object('residence_name', r.name, 'assigned_by', ${nameOf('giver')}, 'tasks', jsonb_agg(
      jsonb_build_object('task_title', t.title, 'effective_date', ${effective}) order by t.id)) as about
  from task_task t ${theirHome}
  join residence_residence_users m on m.residence_id = t.residence_id and m.user_id = t.assigned_to_id
  left join auth_user giver on giver.id = case when ${ofType('task.assigned')} then ${idOf('assigned_by_id')} else t.created_by_id end
  where ${ofType('task.created', 'tasks.created', 'task.assigned')} and ${tasksOf} and ${isOpen}
    and (${ofType('tasks.created')} or m.user_id = ${idOf('assigned_to_id')}) and m.user_id is distinct from giver.id
  group by m.user_id, r.id, giver.id`;

/** To a home, but for whoever made them. */
const created = sql`
  select m.user_id, r.id, case when ${ofType('tasks.created')} then 'tasks_created' else 'task_created' end,
    case when ${ofType('tasks.created')} then ${NOTICE_TITLES.tasks_created}::text else ${NOTICE_TITLES.task_created}::text end,
    ${summed(' new tasks')}, ${aboutTasks}, '{}'::jsonb
  from task_task t ${theirHome}
  join residence_residence_users m on m.residence_id = t.residence_id and m.user_id is distinct from t.created_by_id
  where ${ofType('task.created', 'tasks.created')} and ${tasksOf}
  group by m.user_id, r.id`;

/** To a home, but for whoever did it. */
const completed = sql`
  select m.user_id, r.id, 'task_completed', ${NOTICE_TITLES.task_completed}::text, t.title || ' · ' || r.name,
    jsonb_build_object('residence_id', r.id, 'task_id', t.id),
    jsonb_build_object('residence_name', r.name, 'completed_by', ${nameOf('doer')}, 'completed_at', hd_moment(c.completed_at),
      'task_title', t.title, 'notes', c.notes, 'next_due_date', t.next_due_date)
  from task_taskcompletion c join task_task t on t.id = c.task_id ${theirHome}
  join residence_residence_users m on m.residence_id = t.residence_id and m.user_id is distinct from c.completed_by_id
  left join auth_user doer on doer.id = c.completed_by_id
  where ${ofType('task.completed')} and c.id = ${idOf('completion_id')}`;

/** To a home, and to whoever is new in it. */
const joined = sql`
  select m.user_id, r.id, 'residence_shared',
    case when m.user_id = j.user_id then ${NOTICE_TITLES.residence_joined}::text else ${NOTICE_TITLES.member_joined}::text end,
    case when m.user_id = j.user_id then 'You joined ' || r.name else ${nameOf('joiner')} || ' · ' || r.name end,
    jsonb_build_object('residence_id', r.id, 'user_id', j.user_id),
    jsonb_build_object('residence_name', r.name, 'role', case j.role when 'viewer' then 'viewer' else 'member' end,
      'member_name', case when m.user_id <> j.user_id then ${nameOf('joiner')} end)
  from residence_residence_users j
  join auth_user joiner on joiner.id = j.user_id and joiner.deleted_at is null
  join residence_residence r on r.id = j.residence_id and r.deleted_at is null
  join residence_residence_users m on m.residence_id = j.residence_id
  where ${ofType('member.joined')} and j.residence_id = ${idOf('residence_id')} and j.user_id = ${idOf('user_id')}`;

/**
 * What an event `o` of the outbox is news of as everything stands now: whoever has left, and whatever was taken back or
 * given to somebody else, is not in it. To be joined laterally, and to `auth_user`, which says who is still there.
 */
export const newsOf = sql`(${assigned} union all ${created} union all ${completed} union all ${joined})`;
