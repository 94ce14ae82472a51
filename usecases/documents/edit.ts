import { documentWritten, type FoundDocument, foundDocument, updateDocument } from '../../db/documents.ts';
import { withUploads } from '../../db/uploads.ts';
import { type DocumentChange, refuseEndBeforeStart } from '../../domain/document.ts';
import { invalid } from '../../domain/errors.ts';
import { change } from '../change.ts';
import type { Context } from '../ports.ts';
import { claim } from '../uploads/claim.ts';

/** PUT and PATCH. Uploads that are named become files beside those that the document has. */
export async function editDocument(ctx: Context, document_id: number, edit: DocumentChange) {
  const { db, who } = ctx;
  const { residence_id: named, upload_ids = [], ...fields } = edit;
  return await change(ctx, {
    find: () => withUploads<FoundDocument>(db, who, 'document', upload_ids, foundDocument(who, document_id)),
    roles: ['owner', 'member'],
    async decide({ residence_id, row_version, starts_on, ends_on, uploads }) {
      if (named !== undefined && named !== residence_id) throw invalid('residence_id', 'A document stays in its home.');
      refuseEndBeforeStart({ starts_on, ends_on, ...fields });
      return {
        guard: { residence_id, roles: ['owner', 'member'] },
        expected: { table: 'task_document', id: document_id, row_version },
        changes: [
          ...(await claim(ctx, { category: 'document', parent: document_id, upload_ids, uploads })),
          ...(Object.keys(edit).length > 0 ? [updateDocument(db, document_id, fields)] : []),
        ],
        event: { type: 'document.updated', residence_id, document_id },
        status: 200,
        answer: documentWritten(who, document_id),
      };
    },
  });
}
