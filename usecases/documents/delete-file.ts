import { deleteDocumentFile, hasFile } from '../../db/document-files.ts';
import { findDocument, updateDocument } from '../../db/documents.ts';
import { change } from '../change.ts';
import type { Context } from '../ports.ts';

/** Takes one file away from a document. */
export async function removeFile(ctx: Context, document_id: number, file_id: number) {
  const { db, who } = ctx;
  return await change(ctx, {
    find: () => findDocument(db, who, document_id, hasFile(file_id)),
    roles: ['owner', 'member'],
    decide: ({ residence_id, row_version }) => ({
      guard: { residence_id, roles: ['owner', 'member'] },
      expected: { table: 'task_document', id: document_id, row_version },
      changes: [deleteDocumentFile(db, file_id), updateDocument(db, document_id, {})],
      event: { type: 'document.updated', residence_id, document_id },
      status: 204,
    }),
  });
}
