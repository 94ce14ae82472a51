import { renewLeases } from '../db/leases.ts';
import { observe } from '../domain/telemetry/counts.ts';
import { span } from '../usecases/span.ts';
import { traced } from '../usecases/traced.ts';
import { trip } from '../usecases/trip.ts';
import { type Batch, fail } from './batch.ts';
import { isUncertain, TooLate, textOf } from './fate.ts';
import type { Piece } from './job.ts';

/** Workers have six connections open at once: five calls, and the lease that is renewed meanwhile. */
const AT_ONCE = 5;

/** How it went outside. `doubt`: it may have happened or not, and is not done again. */
export type Acted = Piece & { has_acted: boolean; outcome: unknown; doubt: string | null };

/** The calls outside, a few at once; one that hangs or fails holds up nobody else. */
export async function act(batch: Batch, pieces: Piece[]): Promise<Acted[]> {
  const acted: Acted[] = [];
  const left = pieces.values();
  const taker = async () => {
    for (const piece of left) {
      try {
        acted.push({ ...piece, ...(await actOne(batch, piece)) });
      } catch (error) {
        fail(batch, piece, error, piece.leased.is_uncertain || isUncertain(error));
      }
    }
  };
  await underLease(batch, pieces, () => Promise.all(Array.from({ length: AT_ONCE }, taker)));
  return acted.sort((a, b) => a.leased.event_id - b.leased.event_id);
}

async function actOne(
  { worker, watch }: Batch,
  { leased, event, job, policy, found }: Piece,
): Promise<Omit<Acted, keyof Piece>> {
  const { event_id, is_uncertain, traceparent } = leased;
  const { deadline_ms, may_repeat_uncertain } = policy;
  if (is_uncertain && !may_repeat_uncertain) return { has_acted: true, outcome: null, doubt: INTERRUPTED };
  const { act } = job;
  if (!act || (job.read && found === null)) return { has_acted: false, outcome: null, doubt: null };
  try {
    const notes = watch.notesOf(event_id);
    const way = { log: worker.log, traceparent, meter: { notes } };
    const acting = () => inTime(act.call(job, traced(worker, way), found, { event_id, event }), deadline_ms);
    const started = performance.now();
    const outcome = await span(way, event.type, acting).finally(() => {
      const seconds = (performance.now() - started) / 1000;
      if (notes) observe(notes.counts, 'job_duration_seconds', { event: event.type }, seconds);
    });
    return { has_acted: true, outcome, doubt: null };
  } catch (error) {
    if (may_repeat_uncertain || !isUncertain(error)) throw error;
    return { has_acted: true, outcome: null, doubt: textOf(error) };
  }
}

const INTERRUPTED = 'An attempt ended before it could say whether this was done.';

async function inTime<T>(acting: Promise<T>, deadline_ms: number): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new TooLate(`Not done after ${deadline_ms} ms.`)), deadline_ms);
  try {
    return await Promise.race([acting, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Keeps the leases of all of them while any of them takes its time: they are recorded together. */
async function underLease<T>(batch: Batch, pieces: Piece[], acting: () => Promise<T>): Promise<T> {
  const { worker, meter, lease_s } = batch;
  const leased = pieces.map((piece) => piece.leased);
  const renew = () =>
    trip({ db: worker.db, meter }, [renewLeases(worker.db, leased, lease_s)]).catch((error) =>
      worker.log('lease.not_renewed', { error: textOf(error) }),
    );
  let renewing: Promise<unknown> = Promise.resolve();
  const timer = setInterval(
    () => {
      renewing = renew();
    },
    (lease_s * 1000) / 3,
  );
  try {
    return await acting();
  } finally {
    clearInterval(timer);
    await renewing;
  }
}
