import { blank, boxesOf } from './boxes.ts';
import { type Bytes, beginsWith, type Dimensions, joined, readerOf } from './bytes.ts';
import { damaged } from './damaged.ts';
import { withoutLocation } from './exif.ts';
import { type Item, itemsOf } from './heif-items.ts';
import { stripJpeg } from './jpeg.ts';

const BY_HEVC = new Set(['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx']);
const BY_ANYTHING = new Set(['mif1', 'msf1']);
const BY_OTHERS = new Set(['avif', 'avis', 'crx ', 'vvic', 'jpgs']);

/** What of the file a decoder needs. Films, sounds and makers' boxes may tell a place. */
const KEPT = new Set(['ftyp', 'meta', 'mdat', 'free', 'skip']);
const KEPT_IN_META = new Set('hdlr pitm iinf iloc iref iprp idat dinf ipro grpl free'.split(' '));
/** Coded pictures, and how they are put together. */
const PICTURES = new Set(['hvc1', 'lhv1', 'hvt1', 'av01', 'avc1', 'grid', 'iden', 'iovl', 'tmap']);
const EXIF_OFFSET_BYTES = 4;

/** By the brands that stand at the file's beginning; undefined if it is no HEIF, or AVIF. */
export function heifTypeOf(head: Uint8Array): 'image/heic' | 'image/heif' | undefined {
  if (!beginsWith(head, 'ftyp', 4)) return undefined;
  const [ftyp] = boxesOf(head, 0, head.length);
  if (!ftyp) return undefined;
  const brands = readerOf(head)
    .ascii(ftyp.body, ftyp.end - ftyp.body)
    .match(/.{4}/gs)
    // The second is a version.
    ?.filter((_, index) => index !== 1);
  if (brands?.some((brand) => BY_HEVC.has(brand))) return 'image/heic';
  const isOther = brands?.some((brand) => BY_OTHERS.has(brand));
  return !isOther && brands?.some((brand) => BY_ANYTHING.has(brand)) ? 'image/heif' : undefined;
}

/** The largest size that any part of it claims. */
export function heifDimensions(head: Uint8Array): Dimensions {
  const { u32 } = readerOf(head);
  const properties = inside(head, 'meta', 'iprp', 'ipco');
  const sizes = properties
    .filter(({ type }) => type === 'ispe')
    .map(({ body }) => ({ width: u32(body + 4), height: u32(body + 8) }));
  const [largest] = sizes.sort((a, b) => b.width * b.height - a.width * a.height);
  if (!largest) throw damaged();
  return largest;
}

/** In place, since everything else of the file is found by its offset: what tells of the picture becomes nothing. */
export function stripHeif(original: Uint8Array): Bytes {
  const whole = new Uint8Array(original);
  const end = boxesOf(whole, 0, whole.length).at(-1)?.end ?? 0;
  // What follows the last box is no part of the picture.
  const bytes = whole.subarray(0, end);
  const items = itemsOf(bytes, inside(bytes, 'meta'));
  for (const box of boxesOf(bytes, 0, end)) if (!KEPT.has(box.type)) blank(bytes, box);
  for (const box of inside(bytes, 'meta')) if (!KEPT_IN_META.has(box.type)) blank(bytes, box);
  for (const item of items) if (!PICTURES.has(item.type)) replace(bytes, item);
  return bytes.slice();
}

function replace(bytes: Bytes, { type, extents }: Item): void {
  const before = joined(extents.map(({ start, end }) => bytes.subarray(start, end)));
  const after = replacement(type, before);
  const padded = new Uint8Array(before.length);
  if (after.length <= before.length) padded.set(after);
  let at = 0;
  for (const { start, end } of extents) {
    bytes.set(padded.subarray(at, at + end - start), start);
    at += end - start;
  }
}

function replacement(type: string, data: Bytes): Bytes {
  if (type === 'jpeg') return stripJpeg(data);
  if (type !== 'Exif' || data.length < EXIF_OFFSET_BYTES) return new Uint8Array(0);
  const at = EXIF_OFFSET_BYTES + readerOf(data).u32(0);
  const exif = withoutLocation(data.subarray(at));
  return exif ? joined([new Uint8Array(EXIF_OFFSET_BYTES), exif]) : new Uint8Array(0);
}

/** The boxes within a box; `meta` begins with its version. */
function inside(bytes: Uint8Array, ...path: string[]) {
  let boxes = boxesOf(bytes, 0, bytes.length);
  for (const name of path) {
    const found = boxes.find(({ type }) => type === name);
    if (!found) throw damaged();
    boxes = boxesOf(bytes, found.body + (name === 'meta' ? 4 : 0), found.end);
  }
  return boxes;
}
