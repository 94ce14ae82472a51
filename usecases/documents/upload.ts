import { sql } from 'drizzle-orm';
import { addDocumentFile, documentUploaded } from '../../db/document-files.ts';
import { addDocument, newDocumentId } from '../../db/documents.ts';
import { findStored, type Stored } from '../../db/idempotency.ts';
import { makeRoom } from '../../db/tiers.ts';
import { DocumentForm } from '../../domain/document-upload.ts';
import { AppError, invalid } from '../../domain/errors.ts';
import { type Part, textOf } from '../../domain/multipart.ts';
import { parse } from '../../domain/parse.ts';
import { ask } from '../ask.ts';
import { commit, replay, type Written } from '../commit.ts';
import type { Context } from '../ports.ts';
import { type NewObject, putFile } from '../storage/put-file.ts';

const FIELDS = Object.keys(DocumentForm.shape);
const FIELD_BYTES_MAX = 4096;

/**
 * Keeps a document that comes with its file. Who asks is known before any of the file is taken, and whether they may when
 * all of it is stored; what is refused then is deleted. A repeated request is answered without being read.
 */
export async function uploadDocument(ctx: Context, parts: AsyncIterable<Part>): Promise<Written> {
  const { db, who, key } = ctx;
  const [stored] = key ? await ask<[{ found: Stored }]>(ctx, findStored(db, who, key)) : await ask<[]>(ctx);
  if (stored) return replay(ctx, stored.found);
  const work = receive(ctx, parts);
  // Goes on if the client hangs up, so that what was stored does not stay.
  ctx.defer(Promise.allSettled([work]));
  return await work;
}

async function receive(ctx: Context, parts: AsyncIterable<Part>): Promise<Written> {
  const fields: Record<string, string> = {};
  let file: NewObject | null = null;
  try {
    for await (const { name, filename, content_type, body } of parts) {
      if (name === 'file') {
        if (file) throw invalid('file', 'Send one file at a time.');
        file = await putFile(ctx, 'document', { filename, content_type, body });
      } else if (FIELDS.includes(name)) {
        fields[name] = await textOf(body, FIELD_BYTES_MAX);
      }
    }
    if (!file) throw invalid('file', 'Is missing.');
    const written = await keep(ctx, parse(DocumentForm, fields), file);
    if (written.is_replay) await discard(ctx, file);
    return written;
  } catch (error) {
    if (file && !mayBeKept(error)) await discard(ctx, file);
    throw error;
  }
}

const keep = (ctx: Context, { residence_id, document_type, title }: DocumentForm, file: NewObject): Promise<Written> =>
  commit(ctx, {
    guard: { residence_id, roles: ['owner', 'member'] },
    changes: [
      makeRoom(ctx.db, 'documents', residence_id, 1),
      addDocument(ctx.db, {
        residence_id,
        document_type,
        title: title ?? titleOf(file),
        created_by_id: sql`hd_me()`,
      }),
      addDocumentFile(ctx.db, { ...file, document_id: newDocumentId, residence_id }),
    ],
    event: { type: 'document.created', residence_id, document_id: newDocumentId },
    status: 201,
    answer: documentUploaded,
  });

const titleOf = ({ filename }: NewObject): string => filename?.replace(/(.)\.[^.]*$/, '$1') ?? 'Document';

/** The answer to a commit was lost, or nobody foresaw it: a row may name the file. If none does, it is found at night. */
const mayBeKept = (error: unknown): boolean => !(error instanceof AppError) || error.code === 'database_unavailable';

async function discard({ files, log, request_id }: Context, { object_key, version_id }: NewObject): Promise<void> {
  await files
    .delete(object_key, version_id)
    .catch((error) => log('upload.left', { request_id, object_key, error: String(error) }));
}
