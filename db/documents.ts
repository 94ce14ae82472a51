import { eq, type SQL, sql } from 'drizzle-orm';
import type { Role } from '../domain/residence.ts';
import { type Answered, tagged } from './answer.ts';
import { type Db, statement } from './client.ts';
import { mediaUrl, thumbnailUrl } from './media.ts';
import { documents } from './schema/documents.ts';
import { actorId, todayOf, type Who } from './who.ts';

/** The id that this batch's insert has just drawn. */
export const newDocumentId = sql`currval('task_document_id_seq')`;

/** The documents of the caller's homes; `which` speaks of `t`. What a user may not see does not exist. */
export const seenDocuments = (who: Who, which: SQL): SQL => sql`
  select t.*, m.role from hd_membership m join task_document t on t.residence_id = m.residence_id
  where m.user_id = ${actorId(who)} and ${which}`;

const files = sql`coalesce((
  select json_agg((select row_to_json(x) from (select f.id, coalesce(f.filename, 'document-file-' || f.id) as filename, f.content_type, f.size,
    ${mediaUrl('document-file', sql`f`)} as url, ${thumbnailUrl('document-file', sql`f`)} as thumbnail_url, f.sha256, f.text_status,
    f.prepare_error as fault) x)
    order by f.id)
  from task_documentimage f where f.document_id = t.id), '[]')`;

/** A document aliased `t` as the `json` that is answered; `Document` in domain/document.ts is its shape. */
export const documentJson = (who: Who): SQL => sql`(select row_to_json(x) from (select
  t.id, t.residence_id, t.title, t.description, t.document_type, t.category, t.task_id, t.contractor_id, t.notes, t.tags,
  t.is_active, t.item_name, t.model_number, t.serial_number, t.provider, t.provider_contact, t.purchase_date, t.starts_on,
  t.ends_on, t.ends_on - ${todayOf(who)} as days_until_expiry, ${files} as files,
  hd_moment(t.created_at) as created_at, hd_moment(t.updated_at) as updated_at) x)`;

const oneDocument = (who: Who, id: number | SQL): SQL => sql`
  select ${documentJson(who)} as json, t.row_version from (${seenDocuments(who, sql`t.id = ${id}`)}) t`;

export const readDocument = (db: Db, who: Who, id: number, known: string[]) =>
  statement<Answered>(db, tagged(oneDocument(who, id), known, true));

export const documentWritten = (who: Who, id: number | SQL): SQL => tagged(oneDocument(who, id), [], true);

export type FoundDocument = {
  residence_id: number;
  starts_on: string | null;
  ends_on: string | null;
  role: Role;
  row_version: number;
  etag: string;
};

/** A document to decide on, as `found`; no row if it has not what else is asked of it. */
export const foundDocument = (who: Who, id: number, which = sql`true`): SQL => sql`
  select json_build_object('residence_id', t.residence_id, 'starts_on', t.starts_on, 'ends_on', t.ends_on,
    'role', t.role, 'row_version', t.row_version, 'etag', tag.etag) as found
  from (${seenDocuments(who, sql`t.id = ${id} and ${which}`)}) t, (${documentWritten(who, id)}) tag`;

export const findDocument = (db: Db, who: Who, id: number, which?: SQL) =>
  statement<{ found: FoundDocument }>(db, foundDocument(who, id, which));

type Insert = typeof documents.$inferInsert;
type DocumentValues = { [K in keyof Insert]: Insert[K] | SQL };

export const addDocument = (db: Db, document: DocumentValues) => db.insert(documents).values(document);

/** Also moves the row if its files alone are changed. */
export const updateDocument = (db: Db, id: number, change: Partial<DocumentValues>) =>
  db
    .update(documents)
    .set({ ...change, updated_at: sql`now()` })
    .where(eq(documents.id, id));

export const deleteDocument = (db: Db, id: number) => db.delete(documents).where(eq(documents.id, id));
