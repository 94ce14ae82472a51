import type { Cache } from '../../domain/cache.ts';
import { type Counts, count, observe } from '../../domain/telemetry/counts.ts';

type Result = 'hit' | 'miss' | 'ok' | 'away';

/** The same cache, and what became of each thing that it was asked. */
export function countedCache(cache: Cache, counts: Counts): Cache {
  const during = async <T>(operation: string, work: Promise<T>, resultOf: (done: T) => Result): Promise<T> => {
    const started = performance.now();
    const done = await work;
    count(counts, 'cache_requests_total', { operation, result: resultOf(done) });
    observe(counts, 'cache_request_duration_seconds', { operation }, (performance.now() - started) / 1000);
    return done;
  };
  const { boards, copies } = cache;
  return {
    ...cache,
    boards: {
      find: (...args) => during('find_board', boards.find(...args), foundOf),
      fill: (...args) => during('fill_board', boards.fill(...args), () => 'ok'),
      raise: (...args) => during('raise_boards', boards.raise(...args), saidOf),
    },
    copies: {
      keep: (...args) => during('keep_copy', copies.keep(...args), () => 'ok'),
      find: (...args) => during('find_copy', copies.find(...args), (found) => (found ? 'hit' : 'miss')),
      forget: (...args) => during('forget_copies', copies.forget(...args), saidOf),
    },
    count: (...args) => during('count', cache.count(...args), (counted) => (counted ? 'ok' : 'away')),
  };
}

const foundOf = ({ body, epoch }: { body: string | null; epoch: string | null }): Result => {
  if (body !== null) return 'hit';
  return epoch === null ? 'away' : 'miss';
};
const saidOf = (isSaid: boolean): Result => (isSaid ? 'ok' : 'away');
