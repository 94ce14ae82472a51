import { findMedia } from '../../db/media.ts';
import { AppError } from '../../domain/errors.ts';
import { type Disposition, PRESIGNED_SECONDS_MAX, type ReadFile } from '../../domain/file.ts';
import { isKnown, isSame, type Media, type MediaKind, type MediaVariant } from '../../domain/media.ts';
import { ask, nothingHere } from '../ask.ts';
import type { Asking, Context } from '../ports.ts';
import { inStorage } from '../storage/leg.ts';

export type Which = { kind: MediaKind; id: number; variant: MediaVariant | undefined };

export type Wish = {
  range: string | undefined;
  if_range: string | undefined;
  if_modified_since: string | null;
  /** What it is comes without its bytes. */
  is_head: boolean;
};

/** `file` is null where the caller has it already, or asks for no bytes. */
export type ReadMedia = { media: Media; is_known: boolean; file: ReadFile | null };

/** Reads a file through the API: whether the caller may is one trip, and storage is asked for nothing that is known. */
export async function readMedia(ctx: Context, which: Which, wish: Wish): Promise<ReadMedia> {
  const media = await find(ctx, which);
  const is_known = isKnown(media, { if_none_match: ctx.known, if_modified_since: wish.if_modified_since });
  if (is_known || wish.is_head) return { media, is_known, file: null };
  return { media, is_known, file: await fetchMedia(ctx, media, wish) };
}

/** The bytes, or the range of them that was wished for; `media` says which version. */
export async function fetchMedia(ctx: Asking, media: Media, { range, if_range }: Wish): Promise<ReadFile> {
  const { object_key, version_id, size } = media;
  const wanted = {
    size,
    ...(version_id && { version: version_id }),
    ...(range && isSame(media, if_range) && { range }),
  };
  const file = await inStorage(ctx, () => ctx.files.get(object_key, wanted));
  if (!file) throw missing(ctx, media);
  if (file.status === 416) {
    throw new AppError('range_not_satisfiable', `The file has ${size} bytes.`, { content_range: `bytes */${size}` });
  }
  return file;
}

/** A URL at storage itself, for five minutes. */
export async function linkToMedia(ctx: Context, which: Which, disposition: (media: Media) => Disposition) {
  const media = await find(ctx, which);
  const { object_key, version_id, filename } = media;
  return await ctx.files.presignGet({
    key: object_key,
    ...(version_id && { version: version_id }),
    filename,
    disposition: disposition(media),
    expires_s: PRESIGNED_SECONDS_MAX,
  });
}

async function find(ctx: Context, which: Which): Promise<Media> {
  const [row] = await ask<[{ found: Media }]>(ctx, findMedia(ctx.db, ctx.who, which));
  if (!row) throw nothingHere();
  return row.found;
}

/** The reconciler finds it too, and marks the row. */
function missing({ log, request_id }: Asking, { object_key, version_id }: Media): AppError {
  log('storage.missing', { request_id, object_key, version_id });
  return nothingHere();
}
