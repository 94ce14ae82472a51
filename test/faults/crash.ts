import { setTimeout as wait } from 'node:timers/promises';
import type { Stand } from '../bench/stand.ts';
import { compareBooks } from './books.ts';
import { type Finding, finding } from './finding.ts';
import { type Ledger, openLedger } from './ledger.ts';

const CLIENTS = 8;
/** A client that was refused does not hammer. */
const PAUSE_MS = 100;
/** architecture.md: the edge's database deadline, and what an answer takes besides. */
const ANSWER_MS_MAX = 4000;
/** After PostgreSQL takes connections again (faults.md). */
const RECOVERY_MS_MAX = 5000;
const PATIENCE_MS = 60_000;

type Options = { each: number; lapse?: boolean };

/**
 * Clients make tasks while PostgreSQL is killed and started again. At least `each` of them are acknowledged before the
 * crash, refused while it lasts, and acknowledged after it. Then every unknown key is sent again, and the books compared.
 * `lapse` ends the leases that the crash has left behind, which takes a minute otherwise.
 */
export async function crash(stand: Stand, { each, lapse = false }: Options): Promise<Finding[]> {
  const workers_before = stand.pids().workerd.length;
  const ledger = openLedger(stand, 'crash');
  const clients = startClients(ledger);
  const { seen } = clients;
  await until(() => seen.created >= each);

  const crashed_at = performance.now();
  await stand.crash();
  await until(() => seen.refused + seen.odd.length >= each);
  await stand.restart();
  const restarted_at = performance.now();
  if (lapse) await stand.query('update outbox set lease_until = now() where lease_until > now()');
  const { created } = seen;
  await until(() => seen.created > created);
  const recovery_ms = performance.now() - restarted_at;
  await until(() => seen.created >= created + each);
  await clients.stop();

  const repeated = await ledger.repeat(each);
  const replayed = repeated.filter(({ isReplay }) => isReplay).length;
  const isSameWorker = stand.pids().workerd.length === workers_before;
  const retried = await ledger.retryUnknown();
  const committed = retried.filter(({ isReplay }) => isReplay).length;
  const unsettled = retried.filter(({ status }) => status !== 201).length;
  const acknowledged = ledger.acknowledged();
  const findings = [
    finding(
      '503 with Retry-After meanwhile, and nothing else',
      seen.odd.length === 0,
      `${seen.created} acknowledged, ${seen.refused} refused, ${seen.odd.length} odd ${seen.odd.slice(0, 5)}`,
    ),
    finding(
      `each refusal within ${ANSWER_MS_MAX} ms`,
      seen.slowest_ms <= ANSWER_MS_MAX,
      `the slowest took ${seen.slowest_ms.toFixed(0)} ms`,
    ),
    finding(
      'recovery by the same Worker',
      recovery_ms <= RECOVERY_MS_MAX && isSameWorker && stand.crashes.length === 0,
      `${recovery_ms.toFixed(0)} ms after an outage of ${(restarted_at - crashed_at).toFixed(0)} ms`,
    ),
    finding(
      'every unknown key settled by sending it again',
      unsettled === 0 && acknowledged.size === ledger.size(),
      `${retried.length} sent again, ${committed} of them had been committed, ${unsettled} still unknown`,
    ),
    finding(
      'every key from before it answered as it was',
      replayed === repeated.length && repeated.length > 0,
      `${repeated.length} sent again, ${replayed} replayed`,
    ),
    ...(await compareBooks(stand, 'crash', acknowledged)),
  ];
  return findings.map((found) => ({ ...found, check: `a crash of PostgreSQL: ${found.check}` }));
}

function startClients(ledger: Ledger) {
  const seen = { created: 0, refused: 0, slowest_ms: 0, odd: [] as string[] };
  let isOver = false;
  const client = async () => {
    while (!isOver) {
      const { status, hasRetryAfter, took_ms } = await ledger.create();
      if (status === 201) {
        seen.created += 1;
        continue;
      }
      if (status === 503 && hasRetryAfter) seen.refused += 1;
      else seen.odd.push(`${status}${hasRetryAfter ? '' : ' without Retry-After'}`);
      seen.slowest_ms = Math.max(seen.slowest_ms, took_ms);
      await wait(PAUSE_MS);
    }
  };
  const ended = Promise.all(Array.from({ length: CLIENTS }, client));
  const stop = async () => {
    isOver = true;
    await ended;
  };
  return { seen, stop };
}

async function until(isSo: () => boolean): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error(`Not so after ${PATIENCE_MS} ms: ${isSo}`);
    await wait(5);
  }
}
