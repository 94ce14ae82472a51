import { damaged } from './damaged.ts';

export type Bytes = Uint8Array<ArrayBuffer>;
export type Dimensions = { width: number; height: number };

/** Reads numbers where they are; throws `file_damaged` beyond the end. */
export function readerOf(bytes: Uint8Array) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const at = (offset: number, length: number): number => {
    if (!(offset >= 0 && offset + length <= bytes.length)) throw damaged();
    return offset;
  };
  return {
    u8: (offset: number) => view.getUint8(at(offset, 1)),
    u16: (offset: number, little = false) => view.getUint16(at(offset, 2), little),
    u24: (offset: number) => view.getUint16(at(offset, 3), true) + view.getUint8(offset + 2) * 0x1_0000,
    u32: (offset: number, little = false) => view.getUint32(at(offset, 4), little),
    u64: (offset: number) => Number(view.getBigUint64(at(offset, 8))),
    ascii: (offset: number, length: number) =>
      String.fromCharCode(...bytes.subarray(at(offset, length), offset + length)),
  };
}

export function joined(parts: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export const ascii = (text: string): Bytes => new TextEncoder().encode(text);

export const beginsWith = (bytes: Uint8Array, text: string, at = 0): boolean =>
  [...text].every((letter, index) => bytes[at + index] === letter.charCodeAt(0));

export function u16(value: number, little = false): Bytes {
  const bytes = new Uint8Array(2);
  new DataView(bytes.buffer).setUint16(0, value, little);
  return bytes;
}

export function u32(value: number, little = false): Bytes {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, little);
  return bytes;
}
