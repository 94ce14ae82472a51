import { findMedia } from '../../db/media.ts';
import { askAsAdmin } from '../ask-as-admin.ts';
import type { AdminContext } from '../enter-admin.ts';
import { fetchMedia, type ReadMedia, type Which, type Wish } from '../media/read.ts';

/** Any file there is, prepared or not; nothing of it is kept by whoever reads it. */
export async function readAnyMedia(ctx: AdminContext, which: Which, wish: Wish): Promise<ReadMedia> {
  const { found: media } = await askAsAdmin(ctx, findMedia(ctx.db, null, which));
  return { media, is_known: false, file: wish.is_head ? null : await fetchMedia(ctx, media, wish) };
}
