import type { Bell } from '../../domain/event.ts';
import type { Log, Worker } from '../../usecases/ports.ts';
import { carryMail, carryPush } from './carrier.ts';
import type { Gate } from './in-turns.ts';
import { SETTINGS, UNUSED } from './ports.ts';
import { makeProcess, type Process } from './process.ts';
import type { Round } from './round.ts';

/** What a healthy engine never logs. */
const ALARMS = ['job.failed', 'consume.failed', 'scheduled.failed', 'doorbell.broken', 'lease.not_renewed'];

export type WorkerProcess = Process & { worker: Worker };

/** A process of the engine, with the share of those to which something happens. What it rings with may be held back. */
export function start(round: Round, gate: Gate, share: number, held?: Bell[]): WorkerProcess {
  const process = makeProcess(round.database.db, gate, round.dice, round.isCalm() ? 0 : share, round.count);
  const log: Log = (event, fields = {}) => {
    const isExplained =
      process.isShaken() || /carrier refuses|queue is away|ended without a word/.test(String(fields.error));
    if (ALARMS.includes(event) && !isExplained) round.ledger.breaks(0, `${event}: ${JSON.stringify(fields)}`);
  };
  const worker: Worker = {
    db: process.db,
    now: round.now,
    async ring(bells) {
      await process.alive();
      if (held) held.push(...bells);
      else await round.post.ring(inOrder(bells), round.clock.true_ms);
    },
    log,
    mail: (mail) => carryMail(round, process, mail),
    push: (push) => carryPush(round, process, push),
    ...UNUSED,
    settings: SETTINGS,
  };
  return { ...process, worker };
}

/** The database answers them in no order. */
export const inOrder = (bells: Bell[]) => bells.toSorted((a, b) => a.event_id - b.event_id);
