import { findNamed } from '../../db/named-objects.ts';
import { newMeter } from '../meter.ts';
import { trip } from '../trip.ts';
import type { Reach } from './reconcile.ts';

const SAMPLE = 20;

/** Another environment's bucket would look like one of orphans alone: so that nobody empties it, something must be known. */
export async function checkPlace({ db, files }: Pick<Reach, 'db' | 'files'>): Promise<void> {
  const [{ rows }] = await trip({ db, meter: newMeter() }, [findNamed(db, '', SAMPLE)]);
  const sure = rows.filter(({ may_be_missing }) => !may_be_missing);
  const heads = await Promise.allSettled(
    sure.map(({ object_key, version_id }) => files.head(object_key, version_id ?? undefined)),
  );
  if (heads.some((head) => head.status === 'fulfilled' && head.value !== null)) return;
  const failed = heads.find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
  const { versions } = await files.listVersions('', { limit: 1 });
  if (versions.length === 0 && sure.length === 0) return;
  throw new Error('Nothing that rows name is in this bucket. Is it the bucket of this database?');
}
