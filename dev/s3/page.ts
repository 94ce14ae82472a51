type Entry = { key: string };

export type Page<T> = {
  /** What to show, in order: an entry, or the prefix that stands for all keys that begin with it. */
  shown: ({ entry: T } | { prefix: string })[];
  isTruncated: boolean;
};

type Cut<T> = {
  prefix: string;
  delimiter: string;
  max: number;
  /** Where the page before this one ended: a key, or a prefix that stood for many. */
  after: string;
  /** Whether an entry of the key `after` is still to come, for lists that show a key more than once. */
  isStillToCome?: (entry: T) => boolean;
};

/** Cuts one page out of entries that are sorted by key. */
export function cutPage<T extends Entry>(entries: Iterable<T>, cut: Cut<T>): Page<T> {
  const { prefix, delimiter, max, after, isStillToCome = () => false } = cut;
  const page: Page<T> = { shown: [], isTruncated: false };
  let last = '';
  for (const entry of entries) {
    if (!entry.key.startsWith(prefix)) continue;
    const end = delimiter === '' ? -1 : entry.key.indexOf(delimiter, prefix.length);
    const group = end < 0 ? null : entry.key.slice(0, end + delimiter.length);
    if (group !== null && (group === after || group === last)) continue;
    const order = compareKeys(entry.key, after);
    if (order < 0 || (order === 0 && !isStillToCome(entry))) continue;
    if (page.shown.length >= max) return { ...page, isTruncated: max > 0 };
    page.shown.push(group === null ? { entry } : { prefix: group });
    last = group ?? '';
  }
  return page;
}

/** Orders keys by their UTF-8 bytes, as S3 does and JavaScript's `<` does not. */
export function compareKeys(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
