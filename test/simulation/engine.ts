import type { Bell } from '../../domain/event.ts';
import { poll } from '../../origin/poll.ts';
import { consume } from '../../queues/consume.ts';
import { runScheduled } from '../../queues/schedule.ts';
import { nameOf } from './errand.ts';
import { type Gate, inTurns } from './in-turns.ts';
import { settle } from './news.ts';
import type { Message } from './post.ts';
import type { Round } from './round.ts';
import type { Due } from './rules.ts';
import { inOrder, start, type WorkerProcess } from './worker.ts';

const QUARTER = '*/15 * * * *';
/** As many bells as a consumer is handed at once. */
const BATCH = 100;
const FAULTS = { tick: 0.12, consumer: 0.12 };
/** A platform delivers again what nobody answered for. */
const SILENCE_S = 60;

/** The quarter-hourly cron, perhaps twice at once, perhaps while consumers are at work; then a look at what it has claimed. */
export async function tick(round: Round): Promise<void> {
  if (round.isOut('scheduler')) return round.count('ticks lost');
  const expected = new Map<string, Due>();
  for (const { facts } of round.families)
    for (const [key, due] of round.ledger.due(facts, round.now())) expected.set(key, due);
  const doubled = !round.isCalm() && round.dice.chance(0.1);
  if (doubled) round.count('ticks doubled');
  let hasEnded = false;
  const isAtOnce = doubled && round.dice.chance(0.5);
  const ticks = Array.from({ length: doubled ? 2 : 1 }, () => async (gate: Gate) => {
    round.count('ticks');
    const process = start(round, gate, isAtOnce ? 0 : FAULTS.tick, round.held);
    await Promise.race([runCron(round, process, QUARTER), process.death]);
    if (!process.isShaken()) hasEnded = true;
  });
  const meanwhile = !isAtOnce && round.dice.chance(0.3) ? consumers(round) : [];
  // At the very same moment PostgreSQL decides who is first; in turns it is the dice.
  if (isAtOnce) await Promise.all(ticks.map((run) => run((step) => step())));
  await settle(round, isAtOnce ? [] : [...ticks, ...meanwhile], expected);
  await ringHeld(round);
  if (hasEnded) round.ledger.expectAll(expected);
}

/** The origin looks after what the edge does not ring for, and what it forgets. */
export async function lookAround(round: Round): Promise<void> {
  if (round.isOut('scheduler') || isIdle(round)) return;
  const found: Bell[] = [];
  await poll({ db: round.database.db, ring: async (bells) => void found.push(...bells) });
  await round.post.ring(inOrder(found), round.clock.true_ms).catch(() => round.count('polls in vain'));
}

/** What ticks would have rung with, in an order that does not depend on which of them was first. */
async function ringHeld(round: Round): Promise<void> {
  const { byEvent } = round.ledger;
  const nameOfBell = ({ event_id }: Bell) => {
    const errand = byEvent.get(event_id);
    return errand ? nameOf(errand) : '';
  };
  const bells = round.held.splice(0).sort((a, b) => (nameOfBell(a) < nameOfBell(b) ? -1 : 1));
  if (bells.length > 0)
    await round.post.ring(bells, round.clock.true_ms).catch(() => round.count('bells of a tick lost'));
}

/** While nobody hears them, bells pile up; a few of a kind are enough. */
const isIdle = (round: Round) => round.isOut('consumers') && round.dice.chance(0.9);

/** The minute's cron, and those that clean up. */
export async function cron(round: Round, expression: string): Promise<void> {
  if (round.isOut('scheduler') || isIdle(round)) return;
  await inTurns(round.dice, [(gate) => runCron(round, start(round, gate, 0), expression)]);
}

/** Consumers take whatever bells have come. */
export async function deliver(round: Round): Promise<void> {
  const running = consumers(round);
  for (let n = 0; n < running.length; n += 3) await settle(round, running.slice(n, n + 3), new Map());
}

function consumers(round: Round): ((gate: Gate) => Promise<void>)[] {
  if (round.isOut('consumers')) return [];
  return round.post.take(round.clock.true_ms, BATCH).map((messages) => (gate) => consumeOnce(round, gate, messages));
}

async function consumeOnce(round: Round, gate: Gate, messages: Message[]): Promise<void> {
  round.count('bells heard', messages.length);
  round.count('consumers');
  const { true_ms } = round.clock;
  const process = start(round, gate, FAULTS.consumer);
  const deliveries = messages.map((message) => ({
    body: { event_id: message.event_id },
    attempts: message.attempts,
    ack: () => {},
    retry: ({ delaySeconds }: { delaySeconds: number }) => round.post.again(message, true_ms, delaySeconds),
  }));
  const errands = messages.flatMap(({ event_id }) => round.ledger.byEvent.get(event_id) ?? []);
  for (const errand of errands) {
    const facts = round.familyOf.get(errand.entry.user_id)?.facts;
    const reason = facts && round.ledger.whyNot(facts, errand, round.now());
    if (reason) errand.moot.set(round.now(), reason);
  }
  await Promise.race([consume(process.worker, deliveries), process.death]);
  if (process.isDead()) for (const message of messages) round.post.again(message, true_ms, SILENCE_S);
  if (process.isShaken()) for (const errand of errands) errand.is_shaken = true;
  round.looked.push(...messages.map(({ event_id }) => event_id));
}

/** It throws what failed, which only a fault may have caused. */
async function runCron(round: Round, { worker, isShaken }: WorkerProcess, expression: string) {
  try {
    await runScheduled(expression, worker);
  } catch (error) {
    if (!isShaken() && !(expression === '* * * * *' && round.post.isAway()))
      round.ledger.breaks(0, `${expression}: ${String(error)}`);
  }
}
