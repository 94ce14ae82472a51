import { DatabaseError, type PoolClient } from 'pg';
import { cancelRunning } from './cancel.ts';
import { exchange, type Output } from './exchange.ts';
import { connectionLost, Refusal } from './refusal.ts';
import type { Work } from './request.ts';
import { mayLeaveTraces } from './session.ts';

/** A cancel that comes between two statements has no effect, so it is repeated, until the connection is cut. */
const CANCEL_AGAIN_MS = 250;
const CUT_AFTER_MS = 1500;
const RESET_TIMEOUT_MS = 2000;

export type RunLimits = {
  requestTimeoutMs: number;
  maxResponseBytes: number;
  onConnectionError(error: Error): void;
};

/** Runs the statements on a connection that it then gives back to its pool, unless it can't be used again. */
export async function run(client: PoolClient, work: Work, limits: RunLimits, signal?: AbortSignal): Promise<Output[]> {
  const { requestTimeoutMs, maxResponseBytes, onConnectionError } = limits;
  const stopping = stopper(client, onConnectionError);
  const deadline = setTimeout(stopping.stop, requestTimeoutMs);
  signal?.addEventListener('abort', stopping.stop);
  let failure: unknown;
  try {
    return await exchange(client, work, { maxBytes: maxResponseBytes, onTooLarge: stopping.stop });
  } catch (error) {
    failure = error;
    if (error instanceof Refusal) throw error;
    if (stopping.isStopped()) throw tooLate(requestTimeoutMs, error);
    throw error instanceof DatabaseError ? error : connectionLost(error);
  } finally {
    clearTimeout(deadline);
    signal?.removeEventListener('abort', stopping.stop);
    stopping.end();
    const reset = resetFor(client, work, failure);
    if (stopping.isStopped() || isBroken(failure)) client.release(true);
    else if (reset.length === 0) client.release();
    else void giveBack(client, reset, onConnectionError);
  }
}

/** A late cancel would hit the next request, so a connection that was stopped is never used again. */
function stopper(client: PoolClient, onConnectionError: (error: Error) => void) {
  let again: NodeJS.Timeout | undefined;
  let cut: NodeJS.Timeout | undefined;
  const cancel = () => void cancelRunning(client).catch(onConnectionError);
  return {
    stop() {
      if (again) return;
      cancel();
      again = setInterval(cancel, CANCEL_AGAIN_MS);
      cut = setTimeout(() => client.connection.stream.destroy(), CUT_AFTER_MS);
    },
    isStopped: () => again !== undefined,
    end() {
      clearInterval(again);
      clearTimeout(cut);
    },
  };
}

const tooLate = (requestTimeoutMs: number, cause: unknown) =>
  new Refusal(400, `canceling statement due to request timeout (${requestTimeoutMs} ms)`, { code: '57014', cause });

/** After anything worse than ERROR, and after what PostgreSQL did not say itself, the connection is gone. */
const isBroken = (failure: unknown) =>
  failure !== undefined && !(failure instanceof DatabaseError && failure.severity === 'ERROR');

/** What brings the session back to how it was when it was new; after most requests, nothing. */
function resetFor(client: PoolClient, { statements, begin }: Work, failure: unknown) {
  const hasFailedBatch = failure !== undefined && begin !== undefined;
  const isOpen = failure === undefined && client.getTransactionStatus() !== 'I';
  const isDirty = isOpen || statements.some(({ text }) => mayLeaveTraces(text));
  return [...(hasFailedBatch || isOpen ? ['rollback'] : []), ...(isDirty ? ['discard all'] : [])];
}

/** Resets behind the answer's back: the caller has it already, only the next request would have to wait. */
async function giveBack(client: PoolClient, reset: string[], onConnectionError: (error: Error) => void): Promise<void> {
  const timer = setTimeout(() => client.connection.stream.destroy(), RESET_TIMEOUT_MS);
  try {
    for (const statement of reset) await client.query(statement);
    client.release();
  } catch (error) {
    onConnectionError(error as Error);
    client.release(true);
  } finally {
    clearTimeout(timer);
  }
}
