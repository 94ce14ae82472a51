import { sql } from 'drizzle-orm';
import type { Statement } from '../../db/client.ts';
import { addDocument, documentWritten, newDocumentId } from '../../db/documents.ts';
import { type FoundResidence, foundResidence } from '../../db/residences.ts';
import { makeRoom } from '../../db/tiers.ts';
import { withUploads } from '../../db/uploads.ts';
import { type NewDocument, refuseEndBeforeStart } from '../../domain/document.ts';
import { change } from '../change.ts';
import { type Change, commit } from '../commit.ts';
import type { Context } from '../ports.ts';
import { claim } from '../uploads/claim.ts';

/** Keeps a document of a home: in one trip, or in two with files, which are looked at in between. */
export async function createDocument(ctx: Context, { upload_ids, ...input }: NewDocument) {
  const { db, who } = ctx;
  const { residence_id } = input;
  refuseEndBeforeStart(input);
  const creation = (claims: Statement[]): Change => ({
    guard: { residence_id, roles: ['owner', 'member'] },
    changes: [
      makeRoom(db, 'documents', residence_id, 1),
      addDocument(db, { ...input, created_by_id: sql`hd_me()` }),
      ...claims,
    ],
    event: { type: 'document.created', residence_id, document_id: newDocumentId },
    status: 201,
    answer: documentWritten(who, newDocumentId),
  });
  if (upload_ids.length === 0) return await commit(ctx, creation([]));
  return await change(ctx, {
    find: () => withUploads<FoundResidence>(db, who, 'document', upload_ids, foundResidence(who, residence_id)),
    roles: ['owner', 'member'],
    decide: async ({ uploads }) =>
      creation(await claim(ctx, { category: 'document', parent: newDocumentId, upload_ids, uploads })),
  });
}
