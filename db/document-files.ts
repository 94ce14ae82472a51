import { eq, type SQL, sql } from 'drizzle-orm';
import type { Db } from './client.ts';
import { newDocumentId } from './documents.ts';
import { documentFiles } from './schema/documents.ts';

/** That a document `t` has a file. */
export const hasFile = (file_id: number): SQL =>
  sql`exists (select from task_documentimage f where f.document_id = t.id and f.id = ${file_id})`;

type NewDocumentFile = {
  document_id: number | SQL;
  residence_id: number;
  object_key: string;
  version_id: string;
  filename: string | null;
  content_type: string;
  size: number;
  sha256: string;
};

/** Of whoever acts. */
export const addDocumentFile = (db: Db, file: NewDocumentFile) =>
  db
    .insert(documentFiles)
    .values({ ...file, uploaded_by_id: sql`hd_me()`, text_status: sql`hd_text_status(${file.content_type})` });

/** What the upload of a document in one request answers: of the document that this batch has added, and its file. */
export const documentUploaded = sql`
  select json_build_object('id', t.id, 'filename', coalesce(f.filename, 'document-file-' || f.id), 'document_type', t.document_type,
    'status', 'uploaded', 'storage_path', f.object_key)::text as body, null as etag
  from task_document t join task_documentimage f on f.document_id = t.id where t.id = ${newDocumentId}`;

export const deleteDocumentFile = (db: Db, id: number) => db.delete(documentFiles).where(eq(documentFiles.id, id));
