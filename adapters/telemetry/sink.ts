/** What is sent together. `size`: how many it holds, for counting what was given up. */
type Batch<T> = { body: T; size: number };

export type SinkOptions<T> = {
  /** What waits now; null: nothing. */
  take(): Batch<T> | null;
  /** False: it will never be taken. Rejects: perhaps later. */
  send(body: T, signal: AbortSignal): Promise<boolean>;
  /** Counts what nobody will hear of. */
  dropped(size: number): void;
  failed(error: unknown): void;
  /** So long it waits for others to send together. */
  wait_ms: number;
  deadline_ms: number;
  /** So long a sink that failed is left alone. */
  rest_ms: number;
  /** Then it is dropped. */
  tries_max: number;
};

/** After so many, more has come while they were sent; the next answer sends it. */
const BATCHES_MAX = 2;
const SLACK_MS = 1000;

/**
 * Sends what waits, one call at a time for all of an isolate: whoever comes meanwhile goes at once, since its part is
 * taken along. A batch that failed is kept and sent again as it was, after some tries it is dropped. Never rejects.
 */
export function newSink<T>({
  take,
  send,
  dropped,
  failed,
  wait_ms,
  deadline_ms,
  rest_ms,
  tries_max,
}: SinkOptions<T>): () => Promise<void> {
  let left: (Batch<T> & { tries: number }) | null = null;
  // By time and not by a flag: whoever sends may be ended with its request, and nobody would send again.
  let busy_until_ms = 0;
  let rests_until_ms = 0;
  return async function flush() {
    const now_ms = Date.now();
    if (now_ms < busy_until_ms || now_ms < rests_until_ms) return;
    const mine_ms = now_ms + wait_ms + BATCHES_MAX * deadline_ms + SLACK_MS;
    busy_until_ms = mine_ms;
    try {
      if (wait_ms > 0) await new Promise((resolve) => setTimeout(resolve, wait_ms));
      for (let sent = 0; sent < BATCHES_MAX; sent += 1) {
        const taken = left ?? take();
        if (!taken) break;
        left = { tries: 0, ...taken };
        if (!(await send(left.body, AbortSignal.timeout(deadline_ms)))) dropped(left.size);
        left = null;
      }
    } catch (error) {
      // Whatever it was: the sink has to come back by itself, and what is dropped is counted.
      failed(error);
      rests_until_ms = Date.now() + rest_ms;
      if (left) left.tries += 1;
      if (left && left.tries >= tries_max) {
        dropped(left.size);
        left = null;
      }
    } finally {
      if (busy_until_ms === mine_ms) busy_until_ms = 0;
    }
  };
}

/** A queue with an end: what does not fit is dropped, the newest first. */
export function newBuffer<T>(max: number, weigh: (item: T) => number, dropped: (size: number) => void) {
  let items: T[] = [];
  let weight = 0;
  return {
    add(more: readonly T[]): void {
      const left_out = more.findIndex((item) => {
        const heavier = weight + weigh(item);
        if (heavier > max) return true;
        weight = heavier;
        items.push(item);
        return false;
      });
      if (left_out >= 0) dropped(more.length - left_out);
    },
    take(): Batch<T[]> | null {
      if (items.length === 0) return null;
      const body = items;
      [items, weight] = [[], 0];
      return { body, size: body.length };
    },
  };
}
