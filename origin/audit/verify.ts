import { findArchives } from '../../db/audit-archives.ts';
import {
  ARCHIVES,
  type ArchiveFault,
  AuditArchive,
  BEFORE_ALL,
  isContinued,
  manifestKey,
  rowsKey,
} from '../../domain/audit-archive.ts';
import type { Files, FileVersion } from '../../domain/file.ts';
import { newMeter } from '../../usecases/meter.ts';
import { trip } from '../../usecases/trip.ts';
import { findFault } from './read.ts';
import type { Reach } from './write.ts';

const PAGE = 500;

/** What was looked at, for whoever wants to know how much that was. */
type Walked = { archives: number; rows: number; read: number };

type Options = {
  /** Whether a file is read whole; the others are only looked for. */
  isRead?: (archive: AuditArchive) => boolean;
  walked?: Walked;
};

/** Walks the chain from its beginning, in the database and in storage, and tells of whatever is not as it was made. */
export async function* findFaults(
  { db, files }: Pick<Reach, 'db' | 'files'>,
  { isRead = () => true, walked = { archives: 0, rows: 0, read: 0 } }: Options = {},
): AsyncGenerator<ArchiveFault> {
  const stored = await storedIn(files);
  let end = BEFORE_ALL;
  for await (const archive of archivesIn(db)) {
    const { number } = archive;
    for (let skipped = end.number + 1; skipped < number; skipped += 1) {
      yield { number: skipped, key: rowsKey(skipped), why: 'was skipped: the database does not know it' };
    }
    if (number === end.number + 1 && !isContinued(archive, end)) {
      yield { number, key: archive.object_key, why: `does not continue archive ${end.number}: the chain is broken` };
    }
    const place = placeFault(stored, archive);
    if (place) yield { number, ...place };
    else if (isRead(archive)) {
      walked.read += 1;
      const fault = await findFault(files, archive);
      if (fault) yield { number, ...fault };
    }
    walked.archives += 1;
    walked.rows += archive.row_count;
    end = archive;
  }
  yield* unknown(stored, end.number);
}

/** What comes after the next number was recorded once. The next one itself may be one that is being made. */
function* unknown(stored: Stored, last: number): Generator<ArchiveFault> {
  for (let number = last + 2; stored.has(rowsKey(number)) || stored.has(manifestKey(number)); number += 1) {
    yield { number, key: rowsKey(number), why: 'lies in storage, and the database does not know it' };
  }
}

type Stored = Map<string, FileVersion[]>;

/** Whether both files are there, and nothing was written over them: what is not the newest version goes after a day. */
function placeFault(stored: Stored, archive: AuditArchive): { key: string; why: string } | null {
  const { object_key, version_id, manifest_key, manifest_version_id } = archive;
  const places = [
    [object_key, version_id],
    [manifest_key, manifest_version_id],
  ] as const;
  for (const [key, id] of places) {
    const found = stored.get(key)?.find(({ version }) => version === id);
    if (!found) return { key, why: stored.has(key) ? 'is missing: another version lies there' : 'is missing' };
    if (!found.is_latest) return { key, why: 'was written over, or deleted without a version' };
  }
  return null;
}

async function storedIn(files: Files): Promise<Stored> {
  const stored: Stored = new Map();
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<Files['listVersions']>> = await files.listVersions(ARCHIVES, { cursor });
    for (const version of page.versions) stored.set(version.key, [...(stored.get(version.key) ?? []), version]);
    cursor = page.next_cursor;
  } while (cursor);
  return stored;
}

async function* archivesIn(db: Reach['db']): AsyncGenerator<AuditArchive> {
  for (let after = 0; ; ) {
    const [{ rows }] = await trip({ db, meter: newMeter() }, [findArchives(db, after, PAGE)]);
    const archives = rows.map(({ archive }) => AuditArchive.parse(archive));
    yield* archives;
    const last = archives.at(-1);
    if (!last || archives.length < PAGE) return;
    after = last.number;
  }
}
