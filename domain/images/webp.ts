import { ascii, type Bytes, beginsWith, type Dimensions, joined, readerOf, u32 } from './bytes.ts';
import { damaged } from './damaged.ts';
import { withoutLocation } from './exif.ts';

const HEADER_BYTES = 12;
const KEPT = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM', 'ANMF', 'ICCP']);
/** In the flags of VP8X. */
const HAS_EXIF = 0x08;
const HAS_XMP = 0x04;

export function webpDimensions(head: Uint8Array): Dimensions {
  const { u8, u16, u24, u32, ascii } = readerOf(head);
  const at = HEADER_BYTES + 8;
  switch (ascii(HEADER_BYTES, 4)) {
    case 'VP8X':
      return { width: u24(at + 4) + 1, height: u24(at + 7) + 1 };
    case 'VP8L': {
      if (u8(at) !== 0x2f) throw damaged();
      const bits = u32(at + 1, true);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case 'VP8 ':
      if (u24(at + 3) !== 0x2a_01_9d) throw damaged();
      return { width: u16(at + 6, true) & 0x3fff, height: u16(at + 8, true) & 0x3fff };
    default:
      throw damaged();
  }
}

export function stripWebp(bytes: Uint8Array): Bytes {
  const chunks = chunksOf(bytes).flatMap(({ type, data }) => {
    const kept = type === 'EXIF' ? rewritten(data) : KEPT.has(type) ? data : null;
    return kept ? [{ type, data: kept }] : [];
  });
  const hasExif = chunks.some(({ type }) => type === 'EXIF');
  const parts = chunks.flatMap(({ type, data }) => {
    const body = type === 'VP8X' ? withFlags(data, hasExif) : data;
    return [ascii(type), u32(body.length, true), body, new Uint8Array(body.length % 2)];
  });
  const body = joined([ascii('WEBP'), ...parts]);
  return joined([ascii('RIFF'), u32(body.length, true), body]);
}

function chunksOf(bytes: Uint8Array): { type: string; data: Uint8Array }[] {
  const { u32, ascii } = readerOf(bytes);
  const end = 8 + u32(4, true);
  if (end > bytes.length) throw damaged();
  const chunks = [];
  for (let at = HEADER_BYTES; at + 8 <= end; ) {
    const length = u32(at + 4, true);
    if (at + 8 + length > end) throw damaged();
    chunks.push({ type: ascii(at, 4), data: bytes.subarray(at + 8, at + 8 + length) });
    at += 8 + length + (length % 2);
  }
  return chunks;
}

/** Some writers put JPEG's name in front. */
const rewritten = (data: Uint8Array): Bytes | null =>
  withoutLocation(beginsWith(data, 'Exif\0\0') ? data.subarray(6) : data);

function withFlags(data: Uint8Array, hasExif: boolean): Bytes {
  const copy = new Uint8Array(data);
  const [flags = 0] = copy;
  copy[0] = (flags & ~HAS_XMP & ~HAS_EXIF) | (hasExif ? HAS_EXIF : 0);
  return copy;
}
