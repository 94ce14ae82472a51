import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { serial } from './serial.ts';
import type { BucketRecord, Part, Store, Upload, Version } from './store.ts';
import { orderOf } from './version-id.ts';

/** Reads what the folder holds and clears away what a killed process left half-made. */
export function openStore(folder: string): Store {
  const store: Store = { folder, buckets: new Map(), lastOrder: 0, exclusively: serial() };
  rmSync(join(folder, 'temporary'), { recursive: true, force: true });
  mkdirSync(join(folder, 'temporary'), { recursive: true });
  mkdirSync(join(folder, 'buckets'), { recursive: true });
  for (const name of readdirSync(join(folder, 'buckets'))) openBucket(store, name);
  return store;
}

function openBucket(store: Store, name: string): void {
  const folder = join(store.folder, 'buckets', name);
  // Its record is written last and removed first.
  if (!existsSync(join(folder, 'bucket.json'))) {
    rmSync(folder, { recursive: true });
    return;
  }

  const versions = readdirSync(join(folder, 'versions')).map((file) =>
    readJson<Version>(join(folder, 'versions', file)),
  );
  const order = (version: Version) => orderOf(version.versionId) ?? 0;
  versions.sort((a, b) => order(b) - order(a));
  store.lastOrder = Math.max(store.lastOrder, ...versions.slice(0, 1).map(order));

  const record = readJson<BucketRecord>(join(folder, 'bucket.json'));
  const uploads = openUploads(join(folder, 'uploads'), new Set(versions.map(({ uploadId }) => uploadId)));
  store.buckets.set(name, { name, ...record, versions: Map.groupBy(versions, ({ key }) => key), uploads });
  removeOrphans(join(folder, 'bodies'), versions);
}

function removeOrphans(bodies: string, versions: Version[]): void {
  const owned = new Set(versions.filter((version) => !version.isDeleteMarker).map(({ versionId }) => versionId));
  for (const body of readdirSync(bodies)) if (!owned.delete(body)) rmSync(join(bodies, body));
  if (owned.size > 0) throw new Error(`Bodies are missing in ${bodies}: ${[...owned].join(', ')}`);
}

function openUploads(folder: string, completed: Set<string | undefined>): Map<string, Upload> {
  const uploads = new Map<string, Upload>();
  for (const id of readdirSync(folder)) {
    const here = join(folder, id);
    const isUnfinished = existsSync(join(here, 'upload.json')) && !completed.has(id);
    if (isUnfinished) uploads.set(id, openUpload(here));
    else rmSync(here, { recursive: true });
  }
  return uploads;
}

function openUpload(folder: string): Upload {
  const files = readdirSync(folder).filter((file) => file !== 'upload.json');
  const records = files.filter((file) => file.endsWith('.json'));
  const parts = records.map((file) => readJson<Part>(join(folder, file)));
  const owned = new Set(parts.map(({ file }) => file));
  for (const file of files) if (!file.endsWith('.json') && !owned.has(file)) rmSync(join(folder, file));
  const record = readJson<Omit<Upload, 'parts' | 'exclusively'>>(join(folder, 'upload.json'));
  return { ...record, parts: new Map(parts.map((part) => [part.number, part])), exclusively: serial() };
}

const readJson = <T>(path: string): T => JSON.parse(readFileSync(path, 'utf8'));
