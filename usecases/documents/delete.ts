import { deleteDocument, findDocument } from '../../db/documents.ts';
import { change } from '../change.ts';
import type { Context } from '../ports.ts';

/** Deletes a document and its files; a trigger has the objects deleted that they named. */
export async function removeDocument(ctx: Context, document_id: number) {
  const { db, who } = ctx;
  return await change(ctx, {
    find: () => findDocument(db, who, document_id),
    roles: ['owner', 'member'],
    decide: ({ residence_id, row_version }) => ({
      guard: { residence_id, roles: ['owner', 'member'] },
      expected: { table: 'task_document', id: document_id, row_version },
      changes: [deleteDocument(db, document_id)],
      event: { type: 'document.deleted', residence_id, document_id },
      status: 204,
    }),
  });
}
