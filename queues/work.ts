import { failEvent, finishEvent, type Leased } from '../db/outbox.ts';
import { Event } from '../domain/event.ts';
import { MailError } from '../domain/mail.ts';
import type { Worker } from '../usecases/ports.ts';
import { trip } from '../usecases/trip.ts';
import { handle } from './handle.ts';

/** Each handler has its own: whatever it waits for, its lease is still good when it gives up. */
const HANDLER_DEADLINE_MS = 20_000;
const MAX_ATTEMPTS = 8;
const FIRST_RETRY_S = 5;
const LONGEST_RETRY_S = 3600;

/** The effects of an event and its end in one batch, or the failure on its row. */
export async function work(worker: Worker, leased: Leased): Promise<void> {
  const { db, log } = worker;
  const { event_id, attempts, traceparent } = leased;
  const about = { event_id, type: leased.event.type, attempts, traceparent };
  const started = performance.now();
  try {
    const effects = await inTime(handle(worker, event_id, Event.parse(leased.event)));
    await trip({ db, meter: unmetered() }, [finishEvent(db, leased), ...effects]);
    log('job', { ...about, ms: Math.round(performance.now() - started) });
  } catch (error) {
    const retry_s = retryOf(error, attempts);
    log('job.failed', { ...about, retry_s, error: String(error) });
    await trip({ db, meter: unmetered() }, [failEvent(db, leased, String(error).slice(0, 2000), retry_s)]);
    if (retry_s !== null)
      await worker.ring([event_id], retry_s).catch((failure) => log('ring.failed', { error: String(failure) }));
  }
}

async function inTime<T>(handled: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error('The handler took too long.')), HANDLER_DEADLINE_MS);
  try {
    return await Promise.race([handled, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Null: it will never go, or was tried often enough. Whoever carries mail may ask for a longer pause. */
function retryOf(error: unknown, attempts: number): number | null {
  const refusal = error instanceof MailError ? error : null;
  if (attempts >= MAX_ATTEMPTS || refusal?.kind === 'permanent') return null;
  return Math.max(retryAfter(attempts), Math.min(refusal?.retry_after_s ?? 0, LONGEST_RETRY_S));
}

/** Doubles, and spreads over half of itself so that what failed together does not return together. */
export const retryAfter = (attempts: number): number => {
  const longest = Math.min(FIRST_RETRY_S * 2 ** (attempts - 1), LONGEST_RETRY_S);
  return Math.ceil(longest / 2 + (Math.random() * longest) / 2);
};

export const unmetered = () => ({ trips: 0, db_ms: 0, auth_ms: 0 });
