import { AppError } from '../errors.ts';
import { type Bytes, joined, readerOf, u16, u32 } from './bytes.ts';

/** What stays of Exif: how to turn the picture, its colours, and when it was taken. */
const ORIENTATION = 0x0112;
const DATE_TIME = 0x0132;
const EXIF_DIRECTORY = 0x8769;
const KEPT = new Set([ORIENTATION, DATE_TIME]);
const KEPT_BELOW = new Set([0x9003, 0x9004, 0xa001]);

const ENTRIES_MAX = 1000;
const VALUE_BYTES_MAX = 32;
/** Bytes of one value, by type: text and short numbers, which is all that is kept. */
const WIDTHS = new Map([
  [2, 1],
  [3, 2],
]);

type Entry = { tag: number; type: number; count: number; value: Uint8Array };

/**
 * Exif made anew of the few entries that are known to be harmless. Places hide in more than the GPS directory: in
 * makers' notes, comments, thumbnails. Null if nothing is left, or nothing can be read.
 */
export function withoutLocation(tiff: Uint8Array): Bytes | null {
  const order = String.fromCharCode(...tiff.subarray(0, 2));
  if (order !== 'II' && order !== 'MM') return null;
  const little = order === 'II';
  try {
    const reader = readerOf(tiff);
    const first = reader.u32(4, little);
    const below = offsetOf(tiff, first, EXIF_DIRECTORY, little);
    const entries = readEntries(tiff, first, KEPT, little);
    const entriesBelow = below === null ? [] : readEntries(tiff, below, KEPT_BELOW, little);
    if (entries.length + entriesBelow.length === 0) return null;
    return write(entries, entriesBelow, little);
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

/** The entries of a directory, each with where its value is written. */
function* directory(tiff: Uint8Array, at: number, little: boolean) {
  const { u16, u32 } = readerOf(tiff);
  const count = Math.min(u16(at, little), ENTRIES_MAX);
  for (let index = 0; index < count; index += 1) {
    const entry = at + 2 + index * 12;
    yield { tag: u16(entry, little), type: u16(entry + 2, little), count: u32(entry + 4, little), at: entry + 8 };
  }
}

function offsetOf(tiff: Uint8Array, directoryAt: number, tag: number, little: boolean): number | null {
  for (const entry of directory(tiff, directoryAt, little)) {
    if (entry.tag === tag) return readerOf(tiff).u32(entry.at, little);
  }
  return null;
}

function readEntries(tiff: Uint8Array, directoryAt: number, kept: Set<number>, little: boolean): Entry[] {
  const entries: Entry[] = [];
  for (const { tag, type, count, at } of directory(tiff, directoryAt, little)) {
    const length = (WIDTHS.get(type) ?? Number.POSITIVE_INFINITY) * count;
    if (!kept.has(tag) || entries.some((other) => other.tag === tag) || length > VALUE_BYTES_MAX) continue;
    const start = length <= 4 ? at : readerOf(tiff).u32(at, little);
    if (start + length <= tiff.length) entries.push({ tag, type, count, value: tiff.subarray(start, start + length) });
  }
  return entries;
}

const HEADER_BYTES = 8;

function write(entries: Entry[], below: Entry[], little: boolean): Bytes {
  const link = below.length > 0 ? 1 : 0;
  const firstBytes = directoryBytes(entries, link);
  const pointer = { tag: EXIF_DIRECTORY, type: 4, count: 1, value: u32(HEADER_BYTES + firstBytes, little) };
  return joined([
    new TextEncoder().encode(little ? 'II' : 'MM'),
    u16(42, little),
    u32(HEADER_BYTES, little),
    writeDirectory(link ? [...entries, pointer] : entries, HEADER_BYTES, little),
    ...(link ? [writeDirectory(below, HEADER_BYTES + firstBytes, little)] : []),
  ]);
}

const directoryBytes = (entries: Entry[], more: number): number =>
  2 + (entries.length + more) * 12 + 4 + entries.reduce((sum, { value }) => sum + outside(value), 0);

/** How much room a value takes behind its directory: none if it fits into its entry, else an even number of bytes. */
const outside = ({ length }: Uint8Array): number => (length <= 4 ? 0 : length + (length % 2));

function writeDirectory(entries: Entry[], at: number, little: boolean): Bytes {
  const sorted = entries.toSorted((a, b) => a.tag - b.tag);
  let next = at + 2 + sorted.length * 12 + 4;
  const values: Uint8Array[] = [];
  const rows = sorted.map(({ tag, type, count, value }) => {
    const field = new Uint8Array(4);
    const room = outside(value);
    if (room === 0) field.set(value);
    else {
      field.set(u32(next, little));
      values.push(value, new Uint8Array(room - value.length));
      next += room;
    }
    return joined([u16(tag, little), u16(type, little), u32(count, little), field]);
  });
  return joined([u16(sorted.length, little), ...rows, u32(0, little), ...values]);
}
