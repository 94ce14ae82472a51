import { documentWritten, findDocument, updateDocument } from '../../db/documents.ts';
import { change } from '../change.ts';
import type { Context } from '../ports.ts';

const TURNS = { activate: true, deactivate: false };

export type Turn = keyof typeof TURNS;
export const TURN_NAMES = Object.keys(TURNS) as Turn[];

/** Puts a document to use, or out of it: of a warranty that is not active nobody is reminded. */
export async function turnDocument(ctx: Context, document_id: number, turn: Turn) {
  const { db, who } = ctx;
  return await change(ctx, {
    find: () => findDocument(db, who, document_id),
    roles: ['owner', 'member'],
    decide: ({ residence_id, row_version }) => ({
      guard: { residence_id, roles: ['owner', 'member'] },
      expected: { table: 'task_document', id: document_id, row_version },
      changes: [updateDocument(db, document_id, { is_active: TURNS[turn] })],
      event: { type: 'document.updated', residence_id, document_id },
      status: 200,
      answer: documentWritten(who, document_id),
    }),
  });
}
