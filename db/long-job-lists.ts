import { type SQL, sql } from 'drizzle-orm';
import type { LongJobKind } from '../domain/long-job.ts';
import { type Answered, tagged } from './answer.ts';
import { nextCursor } from './board.ts';
import { type Db, statement } from './client.ts';
import type { Key } from './idempotency.ts';
import { type Counted, oneMore, type Window } from './rate-counters.ts';
import type { Addressee } from './recipients.ts';
import { isSuppressed } from './suppressions.ts';
import { actorId, type Who, zoneOf } from './who.ts';

/** Whoever left a home, or whose account is closed, has nothing of it any more: of a job `j`. */
export const isReachable = sql`exists (select from auth_user u where u.id = j.user_id and u.deleted_at is null)
  and (j.residence_id is null
    or exists (select from hd_membership m where m.residence_id = j.residence_id and m.user_id = j.user_id))`;

/** There is a file to be fetched. */
const hasFile = sql`j.state = 'done' and j.expires_at > now()`;

const mine = (who: Who, which: SQL): SQL => sql`
  select j.* from long_job j where j.user_id = ${actorId(who)} and ${isReachable} and ${which}`;

/** What is answered of a job `j`; `LongJob` in domain/long-job.ts is its shape. */
const jobJson = sql`(select row_to_json(x) from (select j.id, j.kind, j.residence_id, j.state, j.progress, j.error,
  j.filename, j.size, case when ${hasFile} then '/api/jobs/' || j.id || '/file/' end as download_url,
  hd_moment(j.created_at) as created_at, hd_moment(j.updated_at) as updated_at, hd_moment(j.finished_at) as finished_at,
  hd_moment(j.expires_at) as expires_at) x)`;

const oneJob = (who: Who, id: number | SQL): SQL => sql`
  select ${jobJson} as json, j.row_version from (${mine(who, sql`j.id = ${id}`)}) j`;

export const readJob = (db: Db, who: Who, id: number, known: string[]) =>
  statement<Answered>(db, tagged(oneJob(who, id), known, true));

export const jobWritten = (who: Who, id: number | SQL): SQL => tagged(oneJob(who, id), [], true);

type Page = { limit: number; after: number | null };

/** The newest first. */
export const readJobs = (db: Db, who: Who, { limit, after }: Page, known: string[]) =>
  statement<Answered>(
    db,
    tagged(
      sql`
      with paged as (
        select t.*, row_number() over (order by t.id desc) as rank
        from (${mine(who, sql`(${after}::bigint is null or j.id < ${after}::bigint)`)} order by j.id desc limit ${limit + 1}) t
      )
      select json_build_object(
        'results', coalesce((select json_agg(${jobJson} order by j.rank) from paged j where j.rank <= ${limit}), '[]'),
        'next_cursor', (${nextCursor(sql`json_build_array(t.id)`, limit)})) as json`,
      known,
    ),
  );

export type FoundJob = { row_version: number; etag: string };

export const findJob = (db: Db, who: Who, id: number) =>
  statement<{ found: FoundJob }>(
    db,
    sql`select json_build_object('row_version', j.row_version, 'etag', tag.etag) as found
        from (${mine(who, sql`j.id = ${id}`)}) j, (${jobWritten(who, id)}) tag`,
  );

export type Asked = { kind: LongJobKind; residence_id: number | null };
export type Room = { zone: string; open_id: number | null; counted: Counted | null };

/**
 * Whether there is room for one more: no row for a home that is not the caller's. Counts it, unless one of the kind is
 * open or the request was answered before.
 */
export const findRoom = (
  db: Db,
  who: Who,
  { kind, residence_id }: Asked,
  window: Omit<Window, 'subject'>,
  key: Key | null,
) => {
  const me = actorId(who);
  const isAnswered = sql`exists (select from idempotency_key k where k.user_id = ${me} and k.key = ${key?.key ?? null}::text)`;
  const counting = oneMore(
    { ...window, subject: sql`'long_job:' || ${me}` },
    sql`from home where not exists (select from open) and not ${isAnswered}`,
  );
  return statement<{ found: Room }>(
    db,
    sql`with home as (
          select 1 where ${me} is not null and (${residence_id}::bigint is null
            or exists (select from hd_membership m where m.residence_id = ${residence_id}::bigint and m.user_id = ${me}))
        ), open as (
          select j.id from long_job j where j.user_id = ${me} and j.kind = ${kind} and j.state in ('waiting', 'running')
        ), counted as (${counting})
        select json_build_object('zone', ${zoneOf(who)}, 'open_id', (select min(id) from open),
          'counted', (select row_to_json(counted) from counted)) as found from home`,
  );
};

export type JobFile = { object_key: string; version_id: string; filename: string };

const fileOf = sql`json_build_object('object_key', j.object_key, 'version_id', j.version_id, 'filename', j.filename) as found`;

export const findJobFile = (db: Db, who: Who, id: number) =>
  statement<{ found: JobFile }>(db, sql`select ${fileOf} from (${mine(who, sql`j.id = ${id} and ${hasFile}`)}) j`);

/** For whoever has the link to it. */
export const findLinkedFile = (db: Db, id: number) =>
  statement<{ found: JobFile }>(
    db,
    sql`select ${fileOf} from long_job j where j.id = ${id} and ${hasFile} and ${isReachable}`,
  );

export type FinishedToTell = Addressee & {
  job_id: number;
  kind: LongJobKind;
  residence_name: string | null;
  expires_at: string;
  zone: string;
};

/** Of these events the jobs whose result is there, and whom to tell of it. */
export const findFinished = (db: Db, event_ids: number[]) =>
  statement<{ event_id: string; found: FinishedToTell }>(
    db,
    sql`select o.id as event_id, json_build_object('user_id', u.id, 'email', u.email, 'is_suppressed', ${isSuppressed(sql`u.email`)},
          'job_id', j.id, 'kind', j.kind, 'residence_name', r.name, 'expires_at', hd_moment(j.expires_at),
          'zone', j.wishes ->> 'zone') as found
        from outbox o join long_job j on j.id = (o.event ->> 'job_id')::bigint join auth_user u on u.id = j.user_id
        left join residence_residence r on r.id = j.residence_id
        where o.id = any (${sql.param(event_ids)}::bigint[]) and ${hasFile} and ${isReachable}`,
  );
