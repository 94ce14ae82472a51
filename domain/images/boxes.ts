import { readerOf } from './bytes.ts';

/** A box of ISO 14496-12: its contents are between `body` and `end`. */
export type Box = { type: string; start: number; body: number; end: number };

/** The boxes between two offsets, as far as they are whole. */
export function boxesOf(bytes: Uint8Array, from: number, to: number): Box[] {
  const { u32, u64, ascii } = readerOf(bytes);
  const boxes: Box[] = [];
  for (let start = from; start + 8 <= to; ) {
    const short = u32(start);
    const header = short === 1 ? 16 : 8;
    if (start + header > to) break;
    // 0: to the end.
    const length = short === 1 ? u64(start + 8) : short === 0 ? to - start : short;
    if (length < header || start + length > to) break;
    boxes.push({ type: ascii(start + 4, 4), start, body: start + header, end: start + length });
    start += length;
  }
  return boxes;
}

/** Keeps a box's place and takes its contents and its meaning. */
export function blank(bytes: Uint8Array, { start, body, end }: Box): void {
  bytes.set(new TextEncoder().encode('free'), start + 4);
  bytes.fill(0, body, end);
}
