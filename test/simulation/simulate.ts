import { act } from './act.ts';
import { cron, deliver, lookAround } from './engine.ts';
import { withLuck } from './luck.ts';
import { passwords } from './ports.ts';
import { DAY_MS, makeRound, type Round } from './round.ts';
import { PASSWORD, settle } from './settle.ts';
import { type Deed, MINUTE_MS, misfortunes, type Size, timetable } from './timetable.ts';
import { makeVirtualDatabase } from './virtual-time.ts';

/** Bells that come within a minute are heard together. */
const HEARD_MS = 45_000;
/** Nobody has quiet hours for longer. */
const DRAIN_MS = 25 * 60 * MINUTE_MS;

/** Months of some families' lives, and of what looks after them. */
export async function simulate(seed: number, size: Size): Promise<Round> {
  const database = await makeVirtualDatabase();
  try {
    const start_ms = Date.parse('2026-01-10T00:00:00Z') + ((seed * 37) % 300) * DAY_MS;
    const round = makeRound(database, seed, size.families, start_ms, size.days);
    await database.setTime(round.now());
    const tokens = await settle(database, round.drawn, round.today, await passwords.hash(PASSWORD));
    for (const family of round.families) await round.look(family);
    const plan = [...timetable(round, size), ...misfortunes(round), ...lives(round, size, tokens)];
    await withLuck(round, () => live(round, plan));
    round.ledger.close();
    return round;
  } finally {
    await database.close();
  }
}

/** What people do, at any time. */
function lives(round: Round, { days, acts_a_day }: Size, tokens: Map<number, string>): Deed[] {
  return round.families.flatMap((family) =>
    Array.from({ length: Math.round(days * acts_a_day) }, () => ({
      at_ms: round.start_ms + Math.floor(family.dice.next() * days * DAY_MS),
      run: () => act(round, family, tokens),
    })),
  );
}

async function live(round: Round, plan: Deed[]): Promise<void> {
  for (const deed of plan.toSorted((a, b) => a.at_ms - b.at_ms)) {
    await listenUntil(round, deed.at_ms);
    await passTo(round, deed.at_ms);
    await deed.run();
  }
  // Nothing new: what waits comes to its end, what was put off over quiet hours too.
  for (let at_ms = round.end_ms; at_ms < round.end_ms + DRAIN_MS; at_ms += 30 * MINUTE_MS) {
    await passTo(round, at_ms);
    await cron(round, '* * * * *');
    await lookAround(round);
    await listenUntil(round, at_ms + 20 * MINUTE_MS);
  }
}

/** Consumers hear the bells that come meanwhile. */
async function listenUntil(round: Round, until_ms: number): Promise<void> {
  for (let next = round.post.next(); next !== null && next < until_ms; next = round.post.next()) {
    await passTo(round, next + HEARD_MS);
    if (round.isOut('consumers')) return;
    await deliver(round);
  }
}

async function passTo(round: Round, true_ms: number): Promise<void> {
  round.clock.true_ms = Math.max(true_ms, round.clock.true_ms);
  await round.database.setTime(round.now());
}
