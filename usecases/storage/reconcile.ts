import { findStillNamed, markMissing } from '../../db/named-objects.ts';
import type { FileVersion } from '../../domain/file.ts';
import { isGivenUp, isMissing, orphansOf, type Pair } from '../../domain/storage-review.ts';
import { newMeter } from '../meter.ts';
import type { Ports } from '../ports.ts';
import { trip } from '../trip.ts';
import { checkPlace } from './check-place.ts';
import { fewAtOnce } from './few-at-once.ts';
import { pairs } from './pairs.ts';

export type Reach = Pick<Ports, 'db' | 'files' | 'now' | 'log'>;

type Options = {
  /** Only looks. */
  dry_run?: boolean;
  /** Even if nothing that rows name is there. */
  force?: boolean;
};

/** What was found and, unless it only looked, put right. */
export type Reconciled = { keys: number; orphans: number; unfinished: number; missing: number };

/** So much is put right at once. */
const BATCH = 100;

/**
 * Compares storage and rows both ways. Versions that nobody needs go, after a time of grace; rows whose object is gone say
 * so. What is found is asked for once more before anything is done: a row or an object may have come meanwhile.
 */
export async function reconcile(reach: Reach, { dry_run = false, force = false }: Options = {}): Promise<Reconciled> {
  if (!dry_run && !force) await checkPlace(reach);
  const now = reach.now();
  const found: Reconciled = { keys: 0, orphans: 0, unfinished: 0, missing: 0 };
  let orphans: FileVersion[] = [];
  let missing: Pair[] = [];
  const settle = async () => {
    if (orphans.length > 0) found.orphans += await discard(reach, orphans, dry_run);
    if (missing.length > 0) found.missing += await mark(reach, missing, dry_run);
    [orphans, missing] = [[], []];
  };
  for await (const pair of pairs(reach.db, reach.files)) {
    found.keys += 1;
    orphans.push(...orphansOf(pair, now));
    if (isMissing(pair)) missing.push(pair);
    if (orphans.length + missing.length >= BATCH) await settle();
  }
  await settle();
  found.unfinished = await abandon(reach, now, dry_run);
  reach.log('storage.reconciled', { ...found, dry_run });
  return found;
}

/** Answers how many there were. */
async function discard({ db, files, log }: Reach, versions: FileVersion[], dry_run: boolean): Promise<number> {
  const named = await namesOf(
    db,
    versions.map(({ key }) => key),
  );
  const orphans = versions.filter(({ key, version }) => {
    const needed = named.get(key);
    return needed === undefined || (needed !== null && needed !== version);
  });
  await fewAtOnce(orphans, async ({ key, version, size, last_modified }) => {
    log('storage.orphan', { key, version, size, last_modified, dry_run });
    if (!dry_run) await files.delete(key, version);
  });
  return orphans.length;
}

async function mark({ db, files, log }: Reach, found: Pair[], dry_run: boolean): Promise<number> {
  const gone: Pair[] = [];
  await fewAtOnce(found, async (pair) => {
    const version = pair.named?.version_id ?? undefined;
    // One that storage cannot speak of, say by an id that never was, keeps no other from being told of.
    const head = await files.head(pair.key, version).catch((error) => {
      log('storage.unsure', { object_key: pair.key, version_id: version, error: String(error) });
    });
    if (head === null) gone.push(pair);
  });
  const named = await namesOf(
    db,
    gone.map(({ key }) => key),
  );
  const missing = gone.filter(({ key, named: before }) => named.get(key) === before?.version_id);
  for (const { key, named } of missing) log('storage.missing', { object_key: key, ...named, dry_run });
  const marks = markMissing(
    db,
    missing.map(({ key }) => key),
  );
  if (missing.length > 0 && !dry_run) await trip({ db, meter: newMeter() }, marks);
  return missing.length;
}

/** The versions in which rows name these keys now. */
async function namesOf(db: Reach['db'], keys: string[]): Promise<Map<string, string | null>> {
  const [{ rows }] = await trip({ db, meter: newMeter() }, [findStillNamed(db, keys)]);
  return new Map(rows.map(({ object_key, version_id }) => [object_key, version_id]));
}

/** Uploads in parts that nobody will finish. */
async function abandon({ files, log }: Reach, now: string, dry_run: boolean): Promise<number> {
  let count = 0;
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof files.listUploads>> = await files.listUploads('', { cursor });
    const given_up = page.uploads.filter(({ initiated_at }) => isGivenUp(initiated_at, now));
    await fewAtOnce(given_up, async ({ key, upload_id, initiated_at }) => {
      log('storage.unfinished', { key, upload_id, initiated_at, dry_run });
      if (!dry_run) await files.abort(key, upload_id);
    });
    count += given_up.length;
    cursor = page.next_cursor;
  } while (cursor);
  return count;
}
