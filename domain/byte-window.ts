import { chunksOf } from './byte-stream.ts';

/** Room for a chunk, and for what was kept of the one before. */
const WINDOW_BYTES = 64 * 1024 + 512;

/** Reads bytes up to marks, wherever the chunks that they come in are cut. Holds one window of them, and no more. */
export function windowOn(source: AsyncIterable<Uint8Array>, before: Uint8Array) {
  const chunks = chunksOf(source)[Symbol.asyncIterator]();
  const bytes = new Uint8Array(WINDOW_BYTES);
  bytes.set(before);
  let from = 0;
  let to = before.length;
  let chunk: Uint8Array = new Uint8Array(0);

  /** False if nothing more comes. */
  async function more(): Promise<boolean> {
    bytes.copyWithin(0, from, to);
    [from, to] = [0, to - from];
    if (chunk.length === 0) {
      const { done, value } = await chunks.next();
      if (done) return false;
      chunk = value;
    }
    const taken = chunk.subarray(0, bytes.length - to);
    bytes.set(taken, to);
    to += taken.length;
    chunk = chunk.subarray(taken.length);
    return true;
  }

  function take(end: number): Uint8Array {
    const taken = bytes.subarray(from, end);
    from = end;
    return taken;
  }

  /** What comes before a mark, and passes the mark; good until the next piece is asked for. Answers whether it came. */
  async function* until(mark: Uint8Array): AsyncGenerator<Uint8Array, boolean> {
    for (;;) {
      const length = placeOf(mark, bytes.subarray(from, to));
      const end = length === -1 ? to - mark.length + 1 : from + length;
      if (end > from) yield take(end);
      if (length !== -1) {
        from += mark.length;
        return true;
      }
      if (!(await more())) return false;
    }
  }

  /** So many bytes, at least two, or fewer if there are no more. */
  async function next(count: number): Promise<Uint8Array> {
    while (to - from < count && (await more()));
    return take(Math.min(to, from + count));
  }

  const close = async () => void (await chunks.return?.());
  return { until, next, close };
}

function placeOf(mark: Uint8Array, bytes: Uint8Array): number {
  const [first = 0] = mark;
  for (let at = bytes.indexOf(first); at !== -1; at = bytes.indexOf(first, at + 1)) {
    if (at + mark.length > bytes.length) return -1;
    let same = 1;
    while (same < mark.length && bytes[at + same] === mark[same]) same += 1;
    if (same === mark.length) return at;
  }
  return -1;
}
