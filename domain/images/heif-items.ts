import { type Box, boxesOf } from './boxes.ts';
import { readerOf } from './bytes.ts';
import { damaged } from './damaged.ts';

/** A part of the file: one of a picture's tiles, its Exif, … */
export type Item = { id: number; type: string; extents: Extent[] };
type Extent = { start: number; end: number };

/** Version and flags, which most boxes within `meta` begin with. */
const FULL = 4;
const IN_FILE = 0;
const IN_IDAT = 1;

/** What `meta` lists, and where it lies. */
export function itemsOf(bytes: Uint8Array, meta: readonly Box[]): Item[] {
  const iinf = meta.find(({ type }) => type === 'iinf');
  const iloc = meta.find(({ type }) => type === 'iloc');
  if (!iinf || !iloc) throw damaged();
  const idat = meta.find(({ type }) => type === 'idat');
  const places = readPlaces(bytes, iloc, idat?.body ?? 0);
  return readTypes(bytes, iinf).map(({ id, type }) => ({ id, type, extents: places.get(id) ?? [] }));
}

function readTypes(bytes: Uint8Array, iinf: Box): { id: number; type: string }[] {
  const { u8, u16, u32, ascii } = readerOf(bytes);
  const first = iinf.body + FULL + (u8(iinf.body) === 0 ? 2 : 4);
  return boxesOf(bytes, first, iinf.end).flatMap(({ type, body }) => {
    const version = u8(body);
    if (type !== 'infe') return [];
    if (version < 2) throw damaged();
    const id = version === 2 ? u16(body + FULL) : u32(body + FULL);
    return [{ id, type: ascii(body + FULL + (version === 2 ? 4 : 6), 4) }];
  });
}

function readPlaces(bytes: Uint8Array, iloc: Box, idatAt: number): Map<number, Extent[]> {
  const { u8, u16, u32, u64 } = readerOf(bytes.subarray(0, iloc.end));
  let at = iloc.body + FULL;
  const take = (size: number): number => {
    at += size;
    if (size === 0) return 0;
    if (size === 1) return u8(at - 1);
    return size === 2 ? u16(at - 2) : size === 4 ? u32(at - 4) : size === 8 ? u64(at - 8) : fail();
  };

  const version = u8(iloc.body);
  const sizes = take(2);
  const [offsetSize, lengthSize, baseSize] = [sizes >> 12, (sizes >> 8) & 15, (sizes >> 4) & 15];
  const indexSize = version === 0 ? 0 : sizes & 15;
  const wide = version < 2 ? 2 : 4;
  const places = new Map<number, Extent[]>();
  for (let left = take(wide); left > 0; left -= 1) {
    const id = take(wide);
    const method = version === 0 ? IN_FILE : take(2) & 15;
    const isElsewhere = take(2) !== 0;
    // Made out of another item, or in another file: neither is written by a camera.
    if (isElsewhere || (method !== IN_FILE && method !== IN_IDAT)) throw damaged();
    const base = take(baseSize) + (method === IN_IDAT ? idatAt : 0);
    const extents: Extent[] = [];
    for (let parts = take(2); parts > 0; parts -= 1) {
      take(indexSize);
      const start = base + take(offsetSize);
      const length = take(lengthSize);
      const end = length === 0 ? bytes.length : start + length;
      if (end > bytes.length) throw damaged();
      extents.push({ start, end });
    }
    places.set(id, extents);
  }
  return places;
}

function fail(): never {
  throw damaged();
}
