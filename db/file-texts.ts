import { type SQL, sql } from 'drizzle-orm';
import type { Bell } from '../domain/event.ts';
import { type Db, statement } from './client.ts';
import { bell } from './outbox.ts';

/** A file of which the text is to be read. */
export type UnreadFile = { id: number; object_key: string; version_id: string | null; content_type: string };

/** The files of these events that are prepared and wait to be read. */
export const findUnread = (db: Db, event_ids: number[]) =>
  statement<{ event_id: string; found: UnreadFile }>(
    db,
    sql`select o.id as event_id, json_build_object('id', f.id, 'object_key', f.object_key, 'version_id', f.version_id,
          'content_type', f.content_type) as found
        from outbox o join task_documentimage f on f.id = (o.event ->> 'file_id')::bigint
        where o.id = any (${sql.param(event_ids)}::bigint[]) and f.prepared_at is not null and f.text_status = 'pending'`,
  );

/** What a file says; if it is another file by now, that one is read by an event of its own. */
export const keepText = (db: Db, { id, object_key }: UnreadFile, text: string) =>
  statement(
    db,
    sql`update task_documentimage set text = ${text}, text_status = 'done', text_error = null
        where id = ${id} and object_key = ${object_key} and text_status = 'pending'`,
  );

/** Why it can't be told; what was read of it before stays. */
export const noteTextFault = (db: Db, { id, object_key }: UnreadFile, fault: string) =>
  statement(
    db,
    sql`update task_documentimage set text_status = 'failed', text_error = ${fault}
        where id = ${id} and object_key = ${object_key} and text_status = 'pending'`,
  );

/** That a document `t` has a file of a type in which there may be text. */
export const hasText = (file_id: number): SQL => sql`exists (
  select from task_documentimage f where f.document_id = t.id and f.id = ${file_id} and f.text_status <> 'none')`;

/** Somebody wants to know what it says, once more. */
export const askForText = (db: Db, file_id: number) =>
  statement(db, sql`update task_documentimage set text_status = 'pending', text_error = null where id = ${file_id}`);

/** For the files of these events that wait to be read: an event to read those that are prepared, to prepare the others. */
export const passOn = (db: Db, event_ids: number[], to: 'text.requested' | 'file.added') =>
  statement<{ bell: Bell }>(
    db,
    sql`insert into outbox (event, queue, request_id, traceparent)
        select jsonb_build_object('type', ${to}::text, 'file_id', f.id)
            || case when f.prepared_at is null then '{"kind": "document"}'::jsonb else '{}' end,
          'long', o.request_id, o.traceparent
        from outbox o join task_documentimage f on f.id = (o.event ->> 'file_id')::bigint
        where o.id = any (${sql.param(event_ids)}::bigint[]) and o.event ->> 'kind' is distinct from 'completion'
          and f.text_status = 'pending' and (f.prepared_at is null) = ${to === 'file.added'}
        returning ${bell} as bell`,
  );
