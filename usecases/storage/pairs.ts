import type { Db } from '../../db/client.ts';
import { findNamed, type NamedObject } from '../../db/named-objects.ts';
import type { Files, FileVersion } from '../../domain/file.ts';
import type { Pair } from '../../domain/storage-review.ts';
import { newMeter } from '../meter.ts';
import { trip } from '../trip.ts';

/** Of rows; storage has pages of its own. Of each one page is held. */
const PAGE = 2000;

/** Every key that storage or a row names, in order: two lists in the order of their keys, read side by side. */
export async function* pairs(db: Db, files: Files): AsyncGenerator<Pair> {
  const objects = keysIn(files);
  const rows = namedIn(db);
  let object = await objects.next();
  let row = await rows.next();
  while (!object.done || !row.done) {
    const of_object = object.done ? null : object.value;
    const of_row = row.done ? null : row.value;
    const key = [of_object?.key, of_row?.object_key].filter((name) => name !== undefined).sort()[0] ?? '';
    const is_stored = of_object?.key === key;
    const is_named = of_row?.object_key === key;
    yield { key, versions: is_stored ? of_object.versions : [], named: is_named ? of_row : null };
    if (is_stored) object = await objects.next();
    if (is_named) row = await rows.next();
  }
}

/** All versions of a key together, wherever storage's page ends. */
async function* keysIn(files: Files): AsyncGenerator<{ key: string; versions: FileVersion[] }> {
  let group: { key: string; versions: FileVersion[] } | undefined;
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<Files['listVersions']>> = await files.listVersions('', { cursor });
    for (const version of page.versions.toSorted(byKey)) {
      if (group && group.key !== version.key) yield group;
      if (group?.key !== version.key) group = { key: version.key, versions: [] };
      group.versions.push(version);
    }
    cursor = page.next_cursor;
  } while (cursor);
  if (group) yield group;
}

/** A page lists what deletions have left after all else. */
const byKey = (a: FileVersion, b: FileVersion): number => (a.key < b.key ? -1 : Number(a.key > b.key));

async function* namedIn(db: Db): AsyncGenerator<NamedObject> {
  for (let after = ''; ; ) {
    const [{ rows }] = await trip({ db, meter: newMeter() }, [findNamed(db, after, PAGE)]);
    yield* rows;
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    after = last.object_key;
  }
}
