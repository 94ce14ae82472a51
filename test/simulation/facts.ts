import type { TaskState } from '../../domain/task.ts';

// The facts of a family: its rows as they stand, and nothing that a rule of honeyDue has made of them.

type Wish = Record<string, { push?: boolean; email?: boolean; in_app?: boolean }>;

export type PersonFact = {
  id: number;
  email: string;
  timezone: string | null;
  is_verified: boolean;
  is_deleted: boolean;
  devices: { id: number }[];
  choice: {
    channels: Wish;
    task_due_soon_hour: number;
    task_overdue_hour: number;
    warranty_expiring_hour: number;
    daily_digest_hour: number;
    quiet_start: string | null;
    quiet_end: string | null;
  } | null;
};

type HomeFact = { id: number; is_paused: boolean; is_deleted: boolean };
export type MemberFact = { residence_id: number; user_id: number; role: string; created_at: string };
export type TaskFact = TaskState & { id: number; residence_id: number; assigned_to_id: number | null };

/** Of a document that is one. */
export type WarrantyFact = { id: number; residence_id: number; is_active: boolean; ends_on: string | null };

export type Facts = {
  people: PersonFact[];
  homes: HomeFact[];
  members: MemberFact[];
  tasks: TaskFact[];
  warranties: WarrantyFact[];
  completions: { id: number; task_id: number }[];
};

/** Of the people $1, and of all homes that any of them is in. */
export const READ_FACTS = `
  with homes as (
    select distinct r.* from residence_residence_users m join residence_residence r on r.id = m.residence_id where m.user_id = any ($1::bigint[])
  )
  select json_build_object(
    'people', coalesce((select json_agg(json_build_object('id', u.id, 'email', u.email, 'timezone', u.timezone,
      'is_verified', u.is_verified, 'is_deleted', u.deleted_at is not null,
      'devices', coalesce((select json_agg(json_build_object('id', d.id) order by d.id) from notifications_device d where d.user_id = u.id), '[]'),
      'choice', case when p.user_id is not null then json_build_object('channels', p.channels,
        'task_due_soon_hour', p.task_due_soon_hour, 'task_overdue_hour', p.task_overdue_hour,
        'warranty_expiring_hour', p.warranty_expiring_hour, 'daily_digest_hour', p.daily_digest_hour, 'quiet_start', to_char(p.quiet_start, 'HH24:MI'),
        'quiet_end', to_char(p.quiet_end, 'HH24:MI')) end) order by u.id)
      from auth_user u left join notifications_notificationpreference p on p.user_id = u.id where u.id = any ($1::bigint[])), '[]'),
    'homes', coalesce((select json_agg(json_build_object('id', id, 'is_paused', is_paused, 'is_deleted', deleted_at is not null) order by id) from homes), '[]'),
    'members', coalesce((select json_agg(json_build_object('residence_id', m.residence_id, 'user_id', m.user_id, 'role', m.role,
      'created_at', hd_moment(m.created_at)) order by m.created_at, m.residence_id, m.user_id)
      from residence_residence_users m join homes h on h.id = m.residence_id), '[]'),
    'tasks', coalesce((select json_agg(json_build_object('id', t.id, 'residence_id', t.residence_id, 'assigned_to_id', t.assigned_to_id,
      'frequency_id', t.frequency_id, 'custom_interval', t.custom_interval, 'custom_unit', t.custom_unit, 'schedule', t.schedule,
      'in_progress', t.in_progress, 'due_date', t.due_date, 'next_due_date', t.next_due_date, 'anchor_date', t.anchor_date,
      'is_cancelled', t.is_cancelled, 'is_archived', t.is_archived, 'completion_count', t.completion_count,
      'last_completed_at', t.last_completed_at) order by t.id)
      from task_task t join homes h on h.id = t.residence_id), '[]'),
    'warranties', coalesce((select json_agg(json_build_object('id', d.id, 'residence_id', d.residence_id,
      'is_active', d.is_active, 'ends_on', d.ends_on) order by d.id)
      from task_document d join homes h on h.id = d.residence_id where d.document_type = 'warranty'), '[]'),
    'completions', coalesce((select json_agg(json_build_object('id', c.id, 'task_id', c.task_id) order by c.id)
      from task_taskcompletion c join homes h on h.id = c.residence_id), '[]')) as facts`;
