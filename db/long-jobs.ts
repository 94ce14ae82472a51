import { sql } from 'drizzle-orm';
import type { Bell } from '../domain/event.ts';
import { type FinishedJob, type LongJobKind, type OpenJob, RESULT_HOURS, type Wishes } from '../domain/long-job.ts';
import { type Db, statement } from './client.ts';
import { isReachable } from './long-job-lists.ts';
import { bell } from './outbox.ts';

/** The id that this batch's insert has just drawn. */
export const newJobId = sql`currval('long_job_id_seq')`;

type NewJob = { kind: LongJobKind; residence_id: number | null; wishes: Wishes };

/** A second one of the kind that is open breaks `long_job_one_open`. */
export const addJob = (db: Db, { kind, residence_id, wishes }: NewJob) =>
  statement(
    db,
    sql`insert into long_job (user_id, residence_id, kind, wishes)
        values (hd_me(), ${residence_id}::bigint, ${kind}, ${JSON.stringify(wishes)}::jsonb)`,
  );

const ends = sql`finished_at = now(), expires_at = now() + make_interval(hours => ${RESULT_HOURS})`;

/** Whatever was made of it so far is discarded by a trigger. */
const withoutFile = sql`object_key = null, version_id = null`;

/** Stops what is open, removes what has ended. */
export const endJob = (db: Db, id: number) =>
  statement(
    db,
    sql`with found as (
          select id, state in ('waiting', 'running') as is_open from long_job where id = ${id} and user_id = hd_me() for update
        ), stopped as (
          update long_job j set state = 'cancelled', ${withoutFile}, ${ends} from found f where j.id = f.id and f.is_open
        )
        delete from long_job j using found f where j.id = f.id and not f.is_open`,
  );

/** Of these events the jobs that wait to be made, for whoever may still see what they are about. */
export const findOpenJobs = (db: Db, event_ids: number[]) =>
  statement<{ event_id: string; found: OpenJob }>(
    db,
    sql`select o.id as event_id, json_build_object('job_id', j.id, 'user_id', j.user_id, 'residence_id', j.residence_id,
          'kind', j.kind, 'wishes', j.wishes) as found
        from outbox o join long_job j on j.id = (o.event ->> 'job_id')::bigint
        where o.id = any (${sql.param(event_ids)}::bigint[]) and j.state in ('waiting', 'running', 'failed')
          and ${isReachable}`,
  );

/** Begins an attempt under a key of its own: what an earlier one may have stored is discarded, and it finds out. */
export const beginJob = (db: Db, id: number, object_key: string) =>
  statement<{ id: string }>(
    db,
    sql`update long_job set state = 'running', progress = 0, error = null, object_key = ${object_key}, version_id = null,
          finished_at = null, expires_at = null
        where id = ${id} and state in ('waiting', 'running', 'failed') returning id`,
  );

/** Answers no row once somebody else has the job, or nobody. */
export const noteProgress = (db: Db, id: number, object_key: string, percent: number) =>
  statement<{ id: string }>(
    db,
    sql`update long_job set progress = greatest(progress, ${percent}::int)
        where id = ${id} and object_key = ${object_key} and state = 'running' returning id`,
  );

/** What was made. A file that its job does not wait for any more is discarded. */
export const finishJobs = (db: Db, made: FinishedJob[]) =>
  statement<{ bell: Bell }>(
    db,
    sql`with made as (
          select * from jsonb_to_recordset(${JSON.stringify(made)}::jsonb) as m (job_id bigint, object_key text,
            version_id text, filename text, content_type text, size bigint, sha256 text)
        ), done as (
          update long_job j set state = 'done', progress = 100, version_id = m.version_id, filename = m.filename,
            content_type = m.content_type, size = m.size, sha256 = m.sha256, ${ends}
          from made m where j.id = m.job_id and j.object_key = m.object_key and j.state = 'running'
          returning j.id, j.user_id, j.wishes
        ), added as (
          insert into outbox (event, queue)
          select jsonb_build_object('type', 'job.finished', 'user_id', d.user_id, 'job_id', d.id), 'mail'
          from done d where (d.wishes ->> 'mail')::boolean
          union all
          select jsonb_build_object('type', 'file.discarded', 'object_key', m.object_key, 'version_id', m.version_id), 'maintenance'
          from made m where m.job_id not in (select id from done)
          returning id, queue
        )
        select ${bell} as bell from added`,
  );

/** Of those that nobody may see any more: who asked has left the home, or it is gone. */
export const cancelJobs = (db: Db, ids: number[]) =>
  statement(
    db,
    sql`update long_job set state = 'cancelled', ${withoutFile}, ${ends}
        where id = any (${sql.param(ids)}::bigint[]) and state in ('waiting', 'running')`,
  );

const FAILED = 'It could not be made. Ask for it again later.';

/** Those whose event is a dead letter. An operator may send it again. */
export const failJobs = (db: Db) =>
  statement(
    db,
    sql`update long_job j set state = 'failed', error = ${FAILED}, ${withoutFile}, ${ends}
        from outbox o where o.dead_at is not null and o.event ->> 'type' in ('report.requested', 'export.requested')
          and (o.event ->> 'job_id')::bigint = j.id and j.state in ('waiting', 'running')`,
  );
