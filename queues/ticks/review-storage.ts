import { addReview } from '../../db/storage-reviews.ts';
import type { Tick } from './claim.ts';

/** A bucket's listing is more than a Worker has time for: the origin reads it. */
export async function reviewStorage({ db, ring }: Tick): Promise<void> {
  const { rows } = await addReview(db);
  await ring(rows.map(({ bell }) => bell));
}
