import { chunksOf } from '../../domain/byte-stream.ts';

/**
 * How much is sent at once: the least that B2 takes for any part but the last. Two of them are held here, and the
 * runtime copies the one that it sends.
 */
export const PART_BYTES = 5 * 1024 ** 2;

export type Part = { bytes: Uint8Array<ArrayBuffer>; is_last: boolean };

/**
 * Cuts a body into parts, of which all but the last are full. There are two buffers and no more: a part is good until
 * the one after the next is asked for.
 */
export async function* partsOf(body: Uint8Array | AsyncIterable<Uint8Array>, length?: number): AsyncGenerator<Part> {
  const room = Math.min(length ?? PART_BYTES, PART_BYTES);
  let buffer = new Uint8Array(room);
  let other: typeof buffer | undefined;
  let filled = 0;
  for await (let chunk of chunksOf(body)) {
    while (chunk.length > 0) {
      if (filled === buffer.length) {
        yield { bytes: buffer, is_last: false };
        [buffer, other] = [other ?? new Uint8Array(PART_BYTES), buffer];
        filled = 0;
      }
      const taken = chunk.subarray(0, buffer.length - filled);
      buffer.set(taken, filled);
      filled += taken.length;
      chunk = chunk.subarray(taken.length);
    }
  }
  yield { bytes: buffer.subarray(0, filled), is_last: true };
}
