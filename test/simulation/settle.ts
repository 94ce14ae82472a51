import { newToken, sha256 } from '../../domain/session.ts';
import { firstDates } from '../../domain/task.ts';
import type { Drawn } from './family.ts';
import type { VirtualDatabase } from './virtual-time.ts';

export const PASSWORD = 'correct horse 7';
/** Above what is settled by its number; whoever and whatever comes later is counted from here. */
const LATER = 10_000_000;

/** Puts families into their homes, past the API; answers the tokens of their sessions. */
export async function settle(
  { rows }: VirtualDatabase,
  families: Drawn[],
  today: string,
  password_hash: string,
): Promise<Map<number, string>> {
  const people = families.flatMap((family) => family.people);
  const tokens = new Map(people.map(({ id }) => [id, newToken()]));
  const sessions = people.map(({ id }) => ({ user_id: id, digest: sha256(tokens.get(id) ?? '') }));
  const wishes = people.flatMap(({ id, wishes: chosen }) => (chosen ? [{ user_id: id, ...shelved(chosen) }] : []));
  const tasks = families.flatMap((family) => family.tasks).map((task) => ({ ...task, ...datesOf(task, today) }));
  await insert('auth_user', people, 'id bigint, timezone text, is_verified boolean', {
    username: `'u' || id`,
    email: `'u' || id || '@example.com'`,
    password_hash: `'${password_hash}'`,
  });
  await insert('user_authtoken', sessions, 'user_id bigint, digest text');
  await insert('notifications_notificationpreference', wishes, WISHES);
  await insert(
    'residence_residence',
    families.flatMap(({ homes }) => homes),
    'id bigint, is_paused boolean',
    {
      name: `'Home ' || id`,
    },
  );
  const members = families.flatMap((family) => family.members);
  await insert('residence_residence_users', members, 'residence_id bigint, user_id bigint, role text');
  await insert('task_task', tasks, TASKS);
  const done = tasks.filter(({ is_done }) => is_done).map(({ id, residence_id }) => ({ task_id: id, residence_id }));
  await insert('task_taskcompletion', done, 'task_id bigint, residence_id bigint', {
    completed_at: 'virtual.now()',
  });
  const warranties = families.flatMap((family) => family.warranties);
  await insert('task_document', warranties, 'id bigint, residence_id bigint, ends_on date, is_active boolean', {
    title: `'Paper ' || id`,
    document_type: `'warranty'`,
  });
  const phones = people
    .filter(({ has_phone }) => has_phone)
    .map(({ id }) => ({ user_id: id, platform: id % 2 ? 'ios' : 'android' }));
  await insert('notifications_device', phones, 'user_id bigint, platform text', {
    token: `'p' || user_id`,
    environment: `'production'`,
  });
  for (const table of ['auth_user', 'residence_residence', 'task_task', 'task_document'])
    await rows(`select setval(pg_get_serial_sequence($1, 'id'), $2)`, [table, LATER]);
  await rows('analyze');
  return tokens;

  async function insert(table: string, list: object[], columns: string, more: Record<string, string> = {}) {
    const names = columns.split(', ').map((column) => column.split(' ')[0]);
    await rows(
      `insert into ${table} (${[...names, ...Object.keys(more)].join(', ')})
       select ${[...names, ...Object.values(more)].join(', ')} from jsonb_to_recordset($1::jsonb) as x (${columns})`,
      [JSON.stringify(list)],
    );
  }
}

const WISHES =
  'user_id bigint, channels jsonb, task_due_soon_hour int, task_overdue_hour int, warranty_expiring_hour int, daily_digest_hour int, quiet_start time, quiet_end time';
const TASKS =
  'id bigint, residence_id bigint, assigned_to_id bigint, title text, due_date date, next_due_date date, anchor_date date, frequency_id bigint, custom_interval int, custom_unit text, schedule text, is_cancelled boolean, is_archived boolean';

/** As they are kept: the channels by type in one column. */
function shelved(wishes: NonNullable<Drawn['people'][number]['wishes']>) {
  const { task_due_soon_hour, task_overdue_hour, warranty_expiring_hour, daily_digest_hour, ...rest } = wishes;
  const { quiet_start, quiet_end, ...channels } = rest;
  const hours = { task_due_soon_hour, task_overdue_hour, warranty_expiring_hour, daily_digest_hour };
  return { channels, ...hours, quiet_start, quiet_end };
}

function datesOf(task: Drawn['tasks'][number], today: string) {
  const { custom_interval = null, custom_unit = null, frequency_id = null } = { ...NO_INTERVAL, ...task };
  return firstDates({ frequency_id, custom_interval, custom_unit, due_date: task.due_date } as never, today);
}
const NO_INTERVAL: { frequency_id?: number; custom_interval?: number; custom_unit?: string } = {};
