import type { Failure, Leased } from '../db/leases.ts';
import { errorName } from '../domain/telemetry/span.ts';
import { placeOf } from '../domain/telemetry/trace-context.ts';
import type { Meter, Worker } from '../usecases/ports.ts';
import { fateOf, PutOff } from './fate.ts';
import type { Piece } from './job.ts';
import type { Watch } from './watch.ts';

/** Events that are worked off together, by one lease. */
export type Batch = {
  worker: Worker;
  meter: Meter;
  lease_s: number;
  failures: Failure[];
  started: number;
  watch: Watch;
};

/** Notes why an event goes no further, and when it is tried again. */
export function fail(
  batch: Batch,
  { leased, policy }: Pick<Piece, 'leased' | 'policy'>,
  error: unknown,
  is_uncertain = leased.is_uncertain,
): void {
  const { worker, failures, watch } = batch;
  const failure = fateOf(leased, error, policy, is_uncertain);
  failures.push(failure);
  const isPutOff = error instanceof PutOff;
  const result = failure.retry_s === null ? 'dead' : isPutOff ? 'put_off' : 'failed';
  watch.ended(leased.event_id, { result, error: isPutOff ? null : errorName(error) });
  worker.log(isPutOff ? 'job.put_off' : 'job.failed', {
    ...about(batch, leased),
    status: result,
    is_uncertain,
    retry_s: failure.retry_s,
    error: failure.error,
  });
}

/** For its line, where trips and time are those of its batch. The user is the event's, if it is about one. */
export function about({ meter: { trips }, started }: Batch, leased: Leased) {
  const { event_id, queue, event, attempts, traceparent, request_id = null } = leased;
  const type = typeof event === 'object' && event !== null && 'type' in event ? event.type : null;
  const user_id = typeof event === 'object' && event !== null && 'user_id' in event ? event.user_id : null;
  const trace_id = placeOf(traceparent)?.trace_id ?? null;
  const duration_ms = Math.round(performance.now() - started);
  return { event_id, type, queue, attempts, traceparent, request_id, trace_id, user_id, trips, duration_ms };
}
