import {
  findAcceptedArchives,
  findArchives,
  findLastArchive,
  noteArchiving,
  recordArchive,
} from '../../db/audit-archives.ts';
import { truncateAddresses } from '../../db/readiness.ts';
import { allowTime } from '../../db/residences.ts';
import {
  type ArchiveAudit,
  type ArchiveEnd,
  type ArchiveFault,
  AuditArchive,
  BEFORE_ALL,
  isContinued,
} from '../../domain/audit-archive.ts';
import { newMeter } from '../../usecases/meter.ts';
import { trip } from '../../usecases/trip.ts';
import { findFault, findLeft, isNewest } from './read.ts';
import { findFaults } from './verify.ts';
import { type Bounds, type Reach, writeArchive } from './write.ts';

const BOUNDS: Bounds = { rows: 50_000, bytes: 32 * 1024 ** 2, page: 2_000 };
/** In one run; the rest goes the next night. */
const ARCHIVES_MAX = 200;
/** For the statement that compares, records and removes the rows of a file: half a second, on a database at rest. */
const RECORD_S = 12;
/** Every file is read whole once in so many days. */
const READ_EACH_DAYS = 28;
const DAY_MS = 86_400_000;

/**
 * Archives what is past retention, file by file: written, read back, and only then recorded and removed, in one statement.
 * Nothing of what an attempt leaves counts until it is recorded, so that it may end anywhere and be begun again. While
 * anything is wrong with the archives nothing leaves the log.
 */
export const archiveAt =
  (reach: Reach, bounds: Bounds = BOUNDS): ArchiveAudit =>
  async () => {
    const { db, log } = reach;
    const faults = await faultsOf(reach);
    if (faults.length > 0) return await isBroken(reach, faults);
    await trip({ db, meter: newMeter() }, [allowTime(db, RECORD_S), truncateAddresses(db)]);
    const done = { archives: 0, rows: 0 };
    for (; done.archives < ARCHIVES_MAX; done.archives += 1) {
      const end = await lastOf(db);
      const left = await findLeft(reach.files, end.number + 1);
      const archive = left && isContinued(left, end) ? left : await writeArchive(reach, end, bounds);
      if (!archive) break;
      const fault = await findFault(reach.files, archive);
      if (fault) throw new Error(`${fault.key} was written, and read back it ${fault.why}.`);
      if (!(await isNewest(reach.files, archive))) throw new Error(`${archive.object_key} was written over meanwhile.`);
      const refused = await record(reach, archive);
      if (refused && archive !== left) throw refused;
      const why = 'was left by an attempt, and the audit log does not have its rows';
      if (refused) return await isBroken(reach, [{ number: archive.number, key: archive.object_key, why }]);
      done.rows += archive.row_count;
      log('audit.archived', { key: archive.object_key, rows: archive.row_count, size: archive.size });
    }
    await trip({ db, meter: newMeter() }, [noteArchiving(db, null)]);
    log('audit.all_archived', done);
  };

/** Those that nobody has taken note of. */
async function faultsOf(reach: Reach): Promise<ArchiveFault[]> {
  const { db, now } = reach;
  const [{ rows }] = await trip({ db, meter: newMeter() }, [findAcceptedArchives(db)]);
  const accepted = new Set(rows.flatMap((row) => row.accepted));
  const day = Math.floor(Date.parse(now()) / DAY_MS);
  const isRead = ({ number }: AuditArchive) => (number - day) % READ_EACH_DAYS === 0;
  const faults: ArchiveFault[] = [];
  for await (const fault of findFaults(reach, { isRead })) {
    if (!accepted.has(fault.number)) faults.push(fault);
  }
  return faults;
}

async function isBroken({ db, log }: Reach, faults: ArchiveFault[]): Promise<void> {
  for (const fault of faults) log('audit.broken', fault);
  const broken = faults.map(({ key, why }) => `${key} ${why}`).join('; ');
  await trip({ db, meter: newMeter() }, [noteArchiving(db, broken)]);
}

/** What the database says against it; null if it is recorded now, by this worker or by another. */
async function record({ db, files }: Reach, archive: AuditArchive): Promise<unknown> {
  try {
    await trip({ db, meter: newMeter() }, [allowTime(db, RECORD_S), recordArchive(db, archive)]);
    return null;
  } catch (error) {
    const [{ rows }] = await trip({ db, meter: newMeter() }, [findArchives(db, archive.number - 1, 1)]);
    const [row] = rows;
    if (!row) return error;
    // Another worker was faster: what lies above its files goes, and they are the newest again.
    const recorded = AuditArchive.parse(row.archive);
    if (recorded.version_id !== archive.version_id) await files.delete(archive.object_key, archive.version_id);
    if (recorded.manifest_version_id !== archive.manifest_version_id) {
      await files.delete(archive.manifest_key, archive.manifest_version_id);
    }
    return null;
  }
}

async function lastOf(db: Reach['db']): Promise<ArchiveEnd> {
  const [{ rows }] = await trip({ db, meter: newMeter() }, [findLastArchive(db)]);
  return rows[0] ? AuditArchive.parse(rows[0].archive) : BEFORE_ALL;
}
