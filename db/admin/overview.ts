import { type SQL, sql } from 'drizzle-orm';
import type { ListQuery } from '../../domain/admin/list.ts';
import { Queue } from '../../domain/event.ts';
import { contactMessages } from './contact.ts';
import { contractors, documents } from './household.ts';
import { type Source, searched } from './list.ts';
import { residences } from './residences.ts';
import { tasks } from './tasks.ts';
import { users } from './users.ts';

const DAYS = 90;
const DELIVERY_DAYS = 14;
/** Tables up to this size are counted. */
const COUNTED = 100_000;
/** Of each kind. */
const HITS = 10;

const first = sql`(date_trunc('day', now() at time zone 'UTC') - make_interval(days => ${DAYS - 1})) at time zone 'UTC'`;

/** How many a day, days without any included. */
const perDay = (table: SQL, at: SQL): SQL => sql`(
  select json_agg(json_build_object('day', d.day::date, 'count', coalesce(n.count, 0)) order by d.day)
  from generate_series((${first}) at time zone 'UTC', now() at time zone 'UTC', interval '1 day') d (day)
  left join (
    select date_trunc('day', t.${at} at time zone 'UTC') as day, count(*) from ${table} t where t.${at} >= ${first} group by 1
  ) n on n.day = d.day)`;

/** How many rows a table has: of a large one about, as the planner knows it, since an exact count reads them all. */
const about = (table: string): SQL => sql`(
  select case when c.reltuples < ${COUNTED} then (select count(*) from ${sql.raw(table)}) else c.reltuples::bigint end
  from pg_class c where c.oid = ${table}::regclass)`;

/** `Overview` in domain/admin/overview.ts is its shape. */
export const readOverview: SQL = sql`
  select json_build_object(
    'users', json_build_object('total', ${about('auth_user')}, 'per_day', ${perDay(sql`auth_user`, sql`created_at`)}),
    'residences', json_build_object('total', ${about('residence_residence')},
      'per_day', ${perDay(sql`residence_residence`, sql`created_at`)}),
    'completions', json_build_object('per_day', ${perDay(sql`task_taskcompletion`, sql`completed_at`)}),
    'queues', (
      select json_agg(json_build_object('queue', q.name, 'pending', coalesce(w.pending, 0), 'oldest_age_s', w.oldest_age_s,
        'dead', coalesce(d.dead, 0)) order by q.place)
      from unnest(${sql.param(Queue.options)}::text[]) with ordinality as q (name, place)
      left join (
        select queue, count(*) as pending, extract(epoch from now() - min(run_at)) as oldest_age_s
        from outbox where done_at is null and dead_at is null and run_at <= now() group by queue) w on w.queue = q.name
      left join (select queue, count(*) as dead from outbox where dead_at is not null group by queue) d on d.queue = q.name),
    'deliveries', (
      select coalesce(json_agg(x order by x.day, x.channel, x.result), '[]') from (
        select (n.at at time zone 'UTC')::date as day, n.channel, n.result, count(*) as count from notifications_delivery n
        where n.at >= now() - make_interval(days => ${DELIVERY_DAYS}) group by 1, 2, 3) x),
    'contact_messages', json_build_object('new', (select count(*) from contact_message where status = 'new'))) as json`;

type Searched = { type: string; source: Pick<Source<ListQuery>, 'from' | 'search'>; title: SQL; detail: SQL };

const SEARCHED: Searched[] = [
  { type: 'user', source: users, title: sql`t.username`, detail: sql`t.email` },
  { type: 'residence', source: residences, title: sql`t.name`, detail: sql`t.city` },
  { type: 'task', source: tasks, title: sql`t.title`, detail: sql`null` },
  { type: 'document', source: documents, title: sql`t.title`, detail: sql`t.document_type` },
  { type: 'contractor', source: contractors, title: sql`t.name`, detail: sql`t.company` },
  { type: 'contact_message', source: contactMessages, title: sql`t.name`, detail: sql`left(t.message, 100)` },
];

/** Everything that has the words in it, or the id; `AdminSearch` in domain/admin/overview.ts is its shape. */
export function searchEverything(q: string): SQL {
  const found = SEARCHED.map(
    ({ type, source, title, detail }) => sql`
      (select ${type}::text as type, t.id, ${title} as title, ${detail}::text as detail from ${source.from} t
       where ${searched(source, q)} order by t.id desc limit ${HITS})`,
  );
  return sql`
    select json_build_object('query', ${q}::text, 'results', coalesce(json_agg(x), '[]')) as json
    from (${sql.join(found, sql` union all `)}) x`;
}
