import { documentWritten, findDocument, updateDocument } from '../../db/documents.ts';
import { askForText, hasText } from '../../db/file-texts.ts';
import { change } from '../change.ts';
import type { Context } from '../ports.ts';

/** Has a file read once more, and prepared before if that has failed. */
export async function requestText(ctx: Context, document_id: number, file_id: number) {
  const { db, who } = ctx;
  return await change(ctx, {
    find: () => findDocument(db, who, document_id, hasText(file_id)),
    roles: ['owner', 'member'],
    decide: ({ residence_id, row_version }) => ({
      guard: { residence_id, roles: ['owner', 'member'] },
      expected: { table: 'task_document', id: document_id, row_version },
      changes: [askForText(db, file_id), updateDocument(db, document_id, {})],
      event: { type: 'text.requested', file_id },
      status: 200,
      answer: documentWritten(who, document_id),
    }),
  });
}
