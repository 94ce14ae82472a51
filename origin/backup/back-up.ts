import type { Files } from '../../domain/file.ts';
import type { Log } from '../../usecases/ports.ts';
import { dump } from './dump.ts';
import { BACKUP_PREFIX, backupKey, expired } from './keep.ts';
import { seal } from './seal.ts';
import type { BackupSettings } from './settings.ts';

type To = { files: Pick<Files, 'put' | 'delete' | 'listVersions'>; now(): string; log: Log };

/** Dumps, encrypts and stores in one stream that is held nowhere, then lets old backups go. Answers the new one's key. */
export async function backUp(settings: BackupSettings, { files, now, log }: To): Promise<string> {
  const began = performance.now();
  const moment = now();
  const key = backupKey(moment);
  const body = await seal(dump(settings.BACKUP_DATABASE_URL), settings.BACKUP_RECIPIENT);
  const { size, sha256 } = await files.put(key, body, { content_type: 'application/octet-stream' });
  log('backup.made', { key, size, sha256, ms: Math.round(performance.now() - began) });

  const gone = expired(await keysOf(files), moment);
  for (const old of gone) await files.delete(old);
  log('backup.expired', { keys: gone });
  return key;
}

/** Of all backups, the oldest first. */
export async function keysOf({ listVersions }: Pick<Files, 'listVersions'>): Promise<string[]> {
  const keys = new Set<string>();
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<Files['listVersions']>> = await listVersions(BACKUP_PREFIX, { cursor });
    for (const { key, is_delete_marker } of page.versions) if (!is_delete_marker) keys.add(key);
    cursor = page.next_cursor;
  } while (cursor);
  return [...keys].sort();
}
