import { type SQL, sql } from 'drizzle-orm';
import type { Bell, Event } from '../domain/event.ts';
import type { MediaVariant } from '../domain/media.ts';
import { type Db, statement } from './client.ts';
import { bell } from './outbox.ts';

type Kind = Extract<Event, { type: 'file.added' }>['kind'];

const TABLES: Record<Kind, SQL> = {
  completion: sql`task_taskcompletionimage`,
  document: sql`task_documentimage`,
};

/** A file that nobody has looked through yet. */
export type AddedFile = {
  id: number;
  object_key: string;
  version_id: string | null;
  filename: string | null;
  content_type: string;
  size: number;
  /** As whoever uploaded it said. */
  sha256: string | null;
};

/** The files of these events that are still to be prepared. */
export const findAdded = (db: Db, event_ids: number[]) => {
  const of = (kind: Kind) => sql`
    select o.id as event_id, json_build_object('id', f.id, 'object_key', f.object_key, 'version_id', f.version_id,
      'filename', f.filename, 'content_type', f.content_type, 'size', f.size, 'sha256', f.sha256) as found
    from outbox o join ${TABLES[kind]} f on f.id = (o.event ->> 'file_id')::bigint and f.prepared_at is null
    where o.id = any (${sql.param(event_ids)}::bigint[]) and o.event ->> 'kind' = ${kind}`;
  return statement<{ event_id: string; found: AddedFile }>(db, sql`${of('completion')} union all ${of('document')}`);
};

export type StoredObject = {
  object_key: string;
  version_id: string;
  content_type: string;
  size: number;
  sha256: string;
};

type StoredVariant = StoredObject & { kind: MediaVariant; width: number; height: number };

/** What became of a file: where it lies now, and the smaller pictures of it. */
export type PreparedFile = { stored: StoredObject; variants: StoredVariant[] };

/**
 * The file lies elsewhere now, verified; a trigger has the old object discarded. If its row is gone, or somebody was
 * faster, all that was stored is discarded in its place.
 */
export const keepPrepared = (db: Db, kind: Kind, was: AddedFile, { stored, variants }: PreparedFile) =>
  statement<{ bell: Bell }>(
    db,
    sql`
    with stored as (
      select * from json_to_record(${JSON.stringify(stored)}::json)
        as s (object_key text, version_id text, content_type text, size bigint, sha256 text)
    ), made as (
      select * from json_to_recordset(${JSON.stringify(variants)}::json) as v (kind text, object_key text, version_id text,
        content_type text, size bigint, sha256 text, width int, height int)
    ), prepared as (
      update ${TABLES[kind]} f set object_key = s.object_key, version_id = s.version_id, content_type = s.content_type,
        size = s.size, sha256 = s.sha256, prepared_at = now(), prepare_error = null
      from stored s where f.id = ${was.id} and f.object_key = ${was.object_key} and f.prepared_at is null
      returning f.object_key
    ), kept as (
      insert into storage_variant (source_key, kind, object_key, version_id, content_type, size, sha256, width, height)
      select p.object_key, m.kind, m.object_key, m.version_id, m.content_type, m.size, m.sha256, m.width, m.height
      from prepared p, made m
    )
    insert into outbox (event, queue)
    select jsonb_build_object('type', 'file.discarded', 'object_key', object_key, 'version_id', version_id), 'maintenance'
    from (select object_key, version_id from stored union all select object_key, version_id from made) o
    where not exists (select from prepared)
    returning ${bell} as bell`,
  );

/** Why a file can't be prepared: it stays as it is, and with whoever uploaded it. */
export const noteFault = (db: Db, kind: Kind, { id, object_key }: AddedFile, fault: string) => {
  const text =
    kind === 'document'
      ? sql`, text_status = case text_status when 'none' then 'none' else 'failed' end,
    text_error = case text_status when 'none' then text_error else ${fault} end`
      : sql``;
  return statement(
    db,
    sql`update ${TABLES[kind]} set prepare_error = ${fault} ${text}
        where id = ${id} and object_key = ${object_key} and prepared_at is null`,
  );
};
