import { createHash } from 'node:crypto';
import * as z from 'zod';
import { ArchiveManifest, type AuditArchive, manifestKey } from '../../domain/audit-archive.ts';
import { AppError } from '../../domain/errors.ts';
import type { Files } from '../../domain/file.ts';

/** A manifest is a few hundred bytes; whatever is longer is none. */
const MANIFEST_BYTES_MAX = 10_000;

const Line = z.object({ id: z.int() });

/** What is wrong with an archive as it lies in storage, by the key of the file; null: it is what was archived. */
export async function findFault(files: Files, archive: AuditArchive): Promise<{ key: string; why: string } | null> {
  const of_manifest = await faultOfManifest(files, archive);
  if (of_manifest) return { key: archive.manifest_key, why: of_manifest };
  const of_rows = await faultOfRows(files, archive);
  return of_rows === null ? null : { key: archive.object_key, why: of_rows };
}

async function faultOfManifest(files: Files, archive: AuditArchive): Promise<string | null> {
  const got = await files.get(archive.manifest_key, { version: archive.manifest_version_id });
  if (!got?.body) return 'is missing';
  if (got.size > MANIFEST_BYTES_MAX) return 'is no manifest any more';
  const text = await new Response(got.body).text();
  if (sha256(text) !== archive.manifest_sha256) return 'was changed: its SHA-256 is another';
  const known = ArchiveManifest.parse(archive);
  return JSON.stringify(manifestIn(text)) === JSON.stringify(known) ? null : 'says something else than the database';
}

async function faultOfRows(files: Files, archive: AuditArchive): Promise<string | null> {
  const got = await files.get(archive.object_key, { version: archive.version_id });
  if (!got?.body) return 'is missing';
  const packed = createHash('sha256');
  const content = createHash('sha256');
  let [count, last] = [0, archive.after_id];
  try {
    const bytes = ReadableStream.from(hashed(got.body, packed)).pipeThrough(new DecompressionStream('gzip'));
    for await (const line of linesOf(hashed(bytes, content))) {
      const { id } = Line.parse(JSON.parse(line));
      if (id <= last) return `has its rows out of order: ${id} after ${last}`;
      [count, last] = [count + 1, id];
    }
  } catch (error) {
    // That storage is away is no fault of the file's.
    if (error instanceof AppError) throw error;
    return `was changed: it cannot be read any more (${error instanceof Error ? error.message : error})`;
  }
  if (packed.digest('hex') !== archive.sha256) return 'was changed: its SHA-256 is another';
  if (content.digest('hex') !== archive.content_sha256) return 'was changed: the SHA-256 of its lines is another';
  if (count !== archive.row_count) return `has ${count} rows instead of ${archive.row_count}`;
  return last === archive.last_id ? null : `ends with row ${last} instead of ${archive.last_id}`;
}

/** A complete archive that an attempt has left without recording it. */
export async function findLeft(files: Files, number: number): Promise<AuditArchive | null> {
  const manifest_key = manifestKey(number);
  const got = await files.get(manifest_key);
  if (!got?.body || got.size > MANIFEST_BYTES_MAX) return null;
  const text = await new Response(got.body).text();
  const manifest = manifestIn(text);
  if (!manifest) return null;
  const left = { ...manifest, manifest_key, manifest_version_id: got.version, manifest_sha256: sha256(text) };
  return !(await findFault(files, left)) && (await isNewest(files, left)) ? left : null;
}

/** Whether nobody has written over it: what is not the newest version goes after a day. */
export async function isNewest(files: Files, archive: AuditArchive): Promise<boolean> {
  const rows = await files.head(archive.object_key);
  const manifest = await files.head(archive.manifest_key);
  return rows?.version === archive.version_id && manifest?.version === archive.manifest_version_id;
}

/** Null if it is none. */
function manifestIn(text: string): ArchiveManifest | null {
  try {
    return ArchiveManifest.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

async function* hashed(
  bytes: AsyncIterable<Uint8Array>,
  hash: ReturnType<typeof createHash>,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    hash.update(chunk);
    yield chunk;
  }
}

async function* linesOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of bytes) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}
