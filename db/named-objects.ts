import { sql } from 'drizzle-orm';
import { type Db, statement } from './client.ts';

/** Of the objects that were discarded, those that really nothing names. */
export const findUnnamed = (db: Db, event_ids: number[]) =>
  statement<{ event_id: string; found: string }>(
    db,
    sql`select o.id as event_id, to_json(o.event ->> 'object_key') as found from outbox o
        where o.id = any (${sql.param(event_ids)}::bigint[])
          and not exists (select from hd_named_object n where n.object_key = o.event ->> 'object_key')`,
  );

const MISSING = 'missing';

/** An object that a row names. */
export type NamedObject = {
  object_key: string;
  /** Null: whichever is there. */
  version_id: string | null;
  /** It is known to be missing, or was never sure to be there. */
  may_be_missing: boolean;
};

/** In the order in which storage lists keys, by their bytes; those after a key. */
export const findNamed = (db: Db, after: string, limit: number) =>
  statement<NamedObject>(
    db,
    sql`select n.object_key, n.version_id,
          n.object_key in (
            select object_key from pending_uploads
            union all select object_key from task_taskcompletionimage where prepare_error = ${MISSING}
            union all select object_key from task_documentimage where prepare_error = ${MISSING}) as may_be_missing
        from hd_named_object n where n.object_key collate "C" > ${after} order by n.object_key collate "C" limit ${limit}`,
  );

/** What of these keys is named now. */
export const findStillNamed = (db: Db, object_keys: string[]) =>
  statement<Pick<NamedObject, 'object_key' | 'version_id'>>(
    db,
    sql`select object_key, version_id from hd_named_object where object_key = any (${sql.param(object_keys)}::text[])`,
  );

/** Files whose objects are gone: their rows say so, and nobody is sent to a smaller picture that is not there. */
export const markMissing = (db: Db, object_keys: string[]) => {
  const isOne = sql`object_key = any (${sql.param(object_keys)}::text[])`;
  return [
    statement(db, sql`update task_taskcompletionimage set prepare_error = ${MISSING} where ${isOne}`),
    statement(db, sql`update task_documentimage set prepare_error = ${MISSING} where ${isOne}`),
    statement(db, sql`delete from storage_variant where ${isOne}`),
    statement(
      db,
      sql`update long_job set state = 'failed', error = ${MISSING}, object_key = null, version_id = null where ${isOne}`,
    ),
  ] as const;
};
