import { ascii, type Bytes, type Dimensions, joined, readerOf, u32 } from './bytes.ts';
import { damaged } from './damaged.ts';
import { withoutLocation } from './exif.ts';

const SIGNATURE_BYTES = 8;
/** Chunks that a decoder needs for the picture, its colours and its animation. All others may tell a place. */
const KEPT = new Set(
  'IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP sBIT bKGD pHYs cICP mDCV cLLI acTL fcTL fdAT'.split(' '),
);

export function pngDimensions(head: Uint8Array): Dimensions {
  const { u32, ascii } = readerOf(head);
  if (ascii(12, 4) !== 'IHDR') throw damaged();
  return { width: u32(16), height: u32(20) };
}

export function stripPng(bytes: Uint8Array): Bytes {
  const { u32, ascii } = readerOf(bytes);
  const parts: Uint8Array[] = [bytes.subarray(0, SIGNATURE_BYTES)];
  for (let at = SIGNATURE_BYTES; ; ) {
    const length = u32(at);
    const type = ascii(at + 4, 4);
    const end = at + 12 + length;
    if (end > bytes.length) throw damaged();
    if (KEPT.has(type)) parts.push(bytes.subarray(at, end));
    else if (type === 'eXIf') parts.push(...rewritten(bytes.subarray(at + 8, end - 4)));
    if (type === 'IEND') return joined(parts);
    at = end;
  }
}

function rewritten(tiff: Uint8Array): Uint8Array[] {
  const exif = withoutLocation(tiff);
  if (!exif) return [];
  const checked = joined([ascii('eXIf'), exif]);
  return [u32(exif.length), checked, u32(crc32(checked))];
}

/** Of a few bytes only, so without a table. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb8_8320 : 0);
  }
  return ~crc >>> 0;
}
