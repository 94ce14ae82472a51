import { createHash } from 'node:crypto';
import { makeZip } from 'client-zip';
import {
  type ExportedFile,
  FILE_KINDS,
  type FileKind,
  findExportedBytes,
  findExportedFiles,
  findSection,
  SECTION_NAMES,
  type SectionName,
} from '../../db/account-rows.ts';
import { safeFilename } from '../../domain/content-disposition.ts';
import { civilDate } from '../../domain/dates.ts';
import type { MakePaper, Progress } from '../../domain/paper.ts';
import type { Reach } from './make.ts';
import { PAGE, pagesById, rowsOf } from './pages.ts';

/** Of all that is done: the rows; the rest is files, by their bytes. */
const ROWS_PERCENT = 40;
const ALL_PERCENT = 95;

/** What the archive holds, in the file that comes last. */
type Manifest = {
  made_at: string;
  counts: Record<string, number>;
  entries: { path: string; size: number; sha256: string }[];
  /** Files whose rows are there and whose objects are not. */
  missing: string[];
};

type Entry = { name: string; lastModified: Date; input: AsyncIterable<Uint8Array> };

/** All that somebody has in one ZIP. It is put together while it is stored: of it a page of rows, or a chunk, is held. */
export const makeExport =
  (reach: Reach): MakePaper =>
  async ({ user_id, wishes }, progress) => ({
    filename: `honeydue ${civilDate(reach.now(), wishes.zone)}.zip`,
    content_type: 'application/zip',
    body: makeZip(entriesOf(reach, user_id, progress)),
  });

async function* entriesOf(reach: Reach, user_id: number, progress: Progress): AsyncGenerator<Entry> {
  const made_at = reach.now();
  const lastModified = new Date(made_at);
  const manifest: Manifest = { made_at, counts: {}, entries: [], missing: [] };
  const entry = (path: string, input: AsyncIterable<Uint8Array>): Entry => ({
    name: path,
    lastModified,
    input: noted(manifest, path, input),
  });

  for (const [n, name] of SECTION_NAMES.entries()) {
    await progress(Math.round((ROWS_PERCENT * n) / SECTION_NAMES.length));
    yield entry(`${name}.json`, jsonOf(reach, name, user_id, manifest));
  }
  const total = (await rowsOf(reach.db, findExportedBytes(reach.db, user_id)))[0] ?? 0;
  let done = 0;
  for (const kind of FILE_KINDS) {
    for await (const page of pagesById(reach.db, (after) => findExportedFiles(reach.db, kind, user_id, after, PAGE))) {
      for (const file of page) {
        await progress(ROWS_PERCENT + Math.floor(((ALL_PERCENT - ROWS_PERCENT) * done) / Math.max(1, total)));
        const path = pathOf(kind, file);
        const body = await open(reach, file);
        if (body) yield entry(path, body);
        else manifest.missing.push(path);
        done += file.size;
      }
    }
  }
  const files = manifest.entries.filter(({ path }) => path.startsWith('files/')).length;
  const text = JSON.stringify({ ...manifest, counts: { ...manifest.counts, files } }, null, 2);
  yield { name: 'manifest.json', lastModified, input: ReadableStream.from([new TextEncoder().encode(text)]) };
}

/** Passes bytes on, and notes what they came to. */
async function* noted(manifest: Manifest, path: string, input: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of input) {
    hash.update(chunk);
    size += chunk.length;
    yield chunk;
  }
  manifest.entries.push({ path, size, sha256: hash.digest('hex') });
}

/** The rows of a section as a JSON list, a page at a time. */
async function* jsonOf(
  { db }: Reach,
  name: SectionName,
  user_id: number,
  manifest: Manifest,
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  let count = 0;
  yield encoder.encode('[');
  for await (const page of pagesById(db, (after) => findSection(db, name, user_id, after, PAGE))) {
    const lines = page.map(({ json }) => `\n${JSON.stringify(json)}`).join(',');
    yield encoder.encode(`${count > 0 ? ',' : ''}${lines}`);
    count += page.length;
  }
  yield encoder.encode('\n]\n');
  manifest.counts[name] = count;
}

const pathOf = (kind: FileKind, { id, residence_id, filename }: ExportedFile): string =>
  `files/residence-${residence_id}/${kind}-${id}-${safeFilename(filename ?? 'file')}`;

async function open({ files, log }: Reach, { object_key, version_id, size }: ExportedFile) {
  const got = await files.get(object_key, { size, ...(version_id !== null && { version: version_id }) });
  if (!got?.body) log('storage.missing', { object_key, version_id });
  return got?.body ?? null;
}
