import type { Failure, Leased } from '../db/leases.ts';
import type { Meter, Worker } from '../usecases/ports.ts';
import { fateOf, PutOff } from './fate.ts';
import type { Piece } from './job.ts';

/** Events that are worked off together, by one lease. */
export type Batch = { worker: Worker; meter: Meter; lease_s: number; failures: Failure[] };

/** Notes why an event goes no further, and when it is tried again. */
export function fail(
  { worker, failures }: Batch,
  { leased, policy }: Pick<Piece, 'leased' | 'policy'>,
  error: unknown,
  is_uncertain = leased.is_uncertain,
): void {
  const failure = fateOf(leased, error, policy, is_uncertain);
  failures.push(failure);
  worker.log(error instanceof PutOff ? 'job.put_off' : 'job.failed', {
    ...about(leased),
    is_uncertain,
    retry_s: failure.retry_s,
    error: failure.error,
  });
}

export const about = ({ event_id, queue, event, attempts, traceparent }: Leased) => {
  const type = typeof event === 'object' && event !== null && 'type' in event ? event.type : null;
  return { event_id, type, queue, attempts, traceparent };
};
