import { ascii, type Bytes, beginsWith, type Dimensions, joined, readerOf, u16 } from './bytes.ts';
import { damaged } from './damaged.ts';
import { withoutLocation } from './exif.ts';

const SCAN = 0xda;
const END = 0xd9;
const COMMENT = 0xfe;
const EXIF = 'Exif\0\0';
/** What of the application segments a decoder needs: which colours are meant. All others may tell a place. */
const KEPT = new Map([
  [0xe0, 'JFIF\0'],
  [0xe2, 'ICC_PROFILE\0'],
  [0xee, 'Adobe'],
]);

export function jpegDimensions(head: Uint8Array): Dimensions {
  const { u16 } = readerOf(head);
  for (const { marker, start } of segmentsOf(head)) {
    // C4, C8 and CC are no frames.
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { width: u16(start + 7), height: u16(start + 5) };
  }
  throw damaged();
}

/**
 * The picture without what is told about it, and without what follows it: cameras append films and previews that have
 * places of their own.
 */
export function stripJpeg(bytes: Uint8Array): Bytes {
  const parts: Uint8Array[] = [bytes.subarray(0, 2)];
  let hasPicture = false;
  for (const { marker, start, end } of segmentsOf(bytes)) {
    const segment = bytes.subarray(start, end);
    hasPicture ||= marker === SCAN;
    const isTold = (marker >= 0xe0 && marker <= 0xef) || marker === COMMENT;
    if (!isTold || isKept(marker, segment)) parts.push(segment);
    else if (marker === 0xe1 && beginsWith(segment, EXIF, 4)) parts.push(...rewritten(segment));
  }
  if (!hasPicture) throw damaged();
  return joined(parts);
}

const isKept = (marker: number, segment: Uint8Array): boolean => {
  const name = KEPT.get(marker);
  return name !== undefined && beginsWith(segment, name, 4);
};

function rewritten(segment: Uint8Array): Uint8Array[] {
  const exif = withoutLocation(segment.subarray(4 + EXIF.length));
  if (!exif) return [];
  return [new Uint8Array([0xff, 0xe1]), u16(2 + EXIF.length + exif.length), ascii(EXIF), exif];
}

type Segment = { marker: number; start: number; end: number };

/** From the first segment to the end of the picture; a scan goes with its data. Junk in between is left out. */
function* segmentsOf(bytes: Uint8Array): Generator<Segment> {
  const { u16 } = readerOf(bytes);
  let at = 2;
  while (true) {
    at = bytes.indexOf(0xff, at);
    while (at >= 0 && bytes[at + 1] === 0xff) at += 1;
    const marker = bytes[at + 1];
    if (at < 0 || marker === undefined) return;
    if (marker === END) return yield { marker, start: at, end: at + 2 };
    if (isBare(marker)) {
      at += 2;
      continue;
    }
    const length = u16(at + 2);
    if (length < 2 || at + 2 + length > bytes.length) throw damaged();
    const end = marker === SCAN ? endOfScan(bytes, at + 2 + length) : at + 2 + length;
    yield { marker, start: at, end };
    at = end;
  }
}

/** Has no length. */
const isBare = (marker: number): boolean => marker <= 0x01 || isRestart(marker) || marker === 0xd8;
const isRestart = (marker: number): boolean => marker >= 0xd0 && marker <= 0xd7;

function endOfScan(bytes: Uint8Array, start: number): number {
  for (let at = bytes.indexOf(0xff, start); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1];
    if (next === undefined) break;
    if (next !== 0 && next !== 0xff && !isRestart(next)) return at;
  }
  return bytes.length;
}
