import { createHash } from 'node:crypto';
import { type AuditLines, findArchivable } from '../../db/audit-archives.ts';
import type { Db } from '../../db/client.ts';
import {
  type ArchiveEnd,
  type ArchiveManifest,
  type AuditArchive,
  manifestKey,
  rowsKey,
} from '../../domain/audit-archive.ts';
import { newMeter } from '../../usecases/meter.ts';
import type { Worker } from '../../usecases/ports.ts';
import { trip } from '../../usecases/trip.ts';

export type Reach = Pick<Worker, 'db' | 'files' | 'log' | 'now'>;

/** Of one file: what the database compares and removes in well under a second. */
export type Bounds = { rows: number; bytes: number; page: number };

/** Puts the next rows that are due into storage, and a manifest beside them; null if there are none. */
export async function writeArchive(reach: Reach, end: ArchiveEnd, bounds: Bounds): Promise<AuditArchive | null> {
  const { db, files } = reach;
  const first = await linesAfter(db, end.last_id, Math.min(bounds.page, bounds.rows));
  if (first.lines === null) return null;
  const number = end.number + 1;
  const object_key = rowsKey(number);
  const content = createHash('sha256');
  const held = { last_id: end.last_id, row_count: 0 };

  /** A page at a time, while storage takes what came before. */
  async function* lines(): AsyncGenerator<Uint8Array> {
    let bytes = 0;
    for (let page = first; page.lines !== null; ) {
      const text = Buffer.from(page.lines);
      content.update(text);
      held.last_id = page.last_id;
      held.row_count += page.row_count;
      bytes += text.length;
      yield text;
      const room = bounds.rows - held.row_count;
      if (room <= 0 || bytes >= bounds.bytes) return;
      page = await linesAfter(db, held.last_id, Math.min(bounds.page, room));
    }
  }

  const body = ReadableStream.from(lines()).pipeThrough(new CompressionStream('gzip'));
  const { version, size, sha256 } = await files.put(object_key, body, { content_type: 'application/gzip' });
  const manifest: ArchiveManifest = {
    number,
    after_id: end.last_id,
    ...held,
    object_key,
    version_id: version,
    size,
    sha256,
    content_sha256: content.digest('hex'),
    previous_sha256: end.sha256,
  };
  const text = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
  const manifest_key = manifestKey(number);
  const written = await files.put(manifest_key, text, { content_type: 'application/json' });
  return { ...manifest, manifest_key, manifest_version_id: written.version, manifest_sha256: written.sha256 };
}

async function linesAfter(db: Db, after_id: number, limit: number): Promise<AuditLines> {
  const [{ rows }] = await trip({ db, meter: newMeter() }, [findArchivable(db, after_id, limit)]);
  return rows[0]?.found ?? { last_id: after_id, row_count: 0, lines: null };
}
