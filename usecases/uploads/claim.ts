import type { SQL } from 'drizzle-orm';
import type { Statement } from '../../db/client.ts';
import { claimUploads, type PendingUpload, type StoredUpload } from '../../db/uploads.ts';
import { AppError, invalid } from '../../domain/errors.ts';
import type { ReadFile } from '../../domain/file.ts';
import { typeByHeader } from '../../domain/file-type.ts';
import { examine, HEAD_BYTES } from '../../domain/incoming-file.ts';
import type { UploadCategory } from '../../domain/upload.ts';
import type { Context } from '../ports.ts';
import { inStorage } from '../storage/leg.ts';

type Claim = {
  category: UploadCategory;
  /** The id of what they become files of; may be one that this batch draws. */
  parent: number | SQL;
  upload_ids: number[];
  /** Those of them that the caller may claim, from the same trip that found the rest (`withUploads`). */
  uploads: PendingUpload[];
};

/**
 * Looks at each upload in storage, all at once, and answers what claims them in the versions that were seen: for
 * `changes`. What storage holds must be what was promised, by its length, its type and its first bytes; the rest is
 * verified before anybody else may read it.
 */
export async function claim(ctx: Context, { category, parent, upload_ids, uploads }: Claim): Promise<Statement[]> {
  if (upload_ids.length === 0) return [];
  const pending = upload_ids.map((id) => uploads.find((upload) => upload.id === id));
  const stored = await inStorage(ctx, () => Promise.all(pending.map((upload) => look(ctx, upload))));
  return [claimUploads(ctx.db, category, parent, stored)];
}

async function look({ files }: Pick<Context, 'files'>, upload: PendingUpload | undefined): Promise<StoredUpload> {
  if (!upload) throw invalid('upload_ids', 'There is no such upload.');
  const got = await files.get(upload.object_key, { range: `bytes=0-${HEAD_BYTES - 1}` });
  if (!got) throw invalid('upload_ids', `Upload ${upload.id} has not arrived.`);
  try {
    check(upload, got, await whole(got));
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'storage_unavailable') throw error;
    const fields = { upload_ids: [`Upload ${upload.id}: ${error.message}`] };
    throw new AppError(error.code, error.message, { ...error.details, fields }, error);
  }
  return { id: upload.id, version_id: got.version };
}

/** At most the head: an answer that is longer is none to what was asked. */
async function whole({ body, length }: ReadFile): Promise<Uint8Array> {
  if (length <= HEAD_BYTES) return new Uint8Array(await new Response(body).arrayBuffer());
  await body?.cancel();
  throw new AppError('storage_unavailable', 'Files are out of reach.', { retry_after_s: 5 });
}

function check({ filename, content_type, content_length }: PendingUpload, got: ReadFile, head: Uint8Array): void {
  if (got.size !== content_length) {
    throw new AppError('file_size_mismatch', `The file has ${got.size} bytes, not ${content_length}.`);
  }
  if (typeByHeader(got.content_type) !== content_type) {
    throw new AppError('file_type_mismatch', 'The file is not of the type that was promised.');
  }
  examine(head, { filename, content_type });
}
