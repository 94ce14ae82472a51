import { sql } from 'drizzle-orm';
import { addUpload, makeRoomForUpload, uploadPromised } from '../../db/uploads.ts';
import { keyFor } from '../../domain/file.ts';
import { expiryOf, type NewUpload, Promised, secondsToLive, UPLOADS, type Upload } from '../../domain/upload.ts';
import type { LimitState } from '../accounts/limits.ts';
import { commit, type Written } from '../commit.ts';
import type { Context } from '../ports.ts';

type PromisedUpload = { written: Written; limit: LimitState | null };

/**
 * Promises the caller a place in storage and signs a URL for it. What is kept with an idempotency key is the promise and
 * not the URL: sent again, it is answered with one that is signed now.
 */
export async function promiseUpload(ctx: Context, input: NewUpload): Promise<PromisedUpload> {
  const { db } = ctx;
  const { category, content_type, content_length, sha256 = null, filename = null } = input;
  const object_key = keyFor(category);
  const written = await commit(ctx, {
    guard: { residence_id: null },
    changes: [
      makeRoomForUpload(db),
      addUpload(db, { category, object_key, filename, content_type, content_length, sha256 }),
    ],
    event: { type: 'upload.promised', user_id: sql`hd_me()` },
    status: 201,
    answer: uploadPromised,
  });
  const { remaining, reset_s, ...promised } = Promised.parse(JSON.parse(written.body ?? 'null'));
  const body = JSON.stringify(await render(ctx, input, promised));
  return { written: { ...written, body }, limit: written.is_replay ? null : { ...UPLOADS, remaining, reset_s } };
}

type Kept = Pick<Promised, 'upload_id' | 'object_key' | 'claim_until'>;

async function render({ files, now }: Context, input: NewUpload, { object_key, ...promised }: Kept): Promise<Upload> {
  const { content_type, content_length, md5, sha256 } = input;
  const { claim_until } = promised;
  const signed_at = now();
  const put = await files.presignPut({
    key: object_key,
    content_type,
    content_length,
    ...(md5 && { md5 }),
    ...(sha256 && { sha256 }),
    expires_s: secondsToLive(claim_until, signed_at),
  });
  return { ...promised, ...put, expires_at: expiryOf(claim_until, signed_at) };
}
