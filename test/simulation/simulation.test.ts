import { expect, test } from 'vitest';
import type { Round } from './round.ts';
import { simulate } from './simulate.ts';
import { storyOf } from './story.ts';
import type { Size } from './timetable.ts';

/** `npm run drill` asks for all of it and wants to see the figures; every other run takes a slice. */
const { SIMULATION_RUNS, SIMULATION_SEED = '1' } = process.env;
const IS_FULL = SIMULATION_RUNS !== undefined;
const SEED = Number(SIMULATION_SEED);
const RUNS = Number(SIMULATION_RUNS ?? 3);
/** A run is a family. So many of them share a database, a clock and a scheduler: a tick costs little more for all than for one. */
const SIZE: Size = IS_FULL
  ? { families: 50, days: 60, ticks_a_day: 3, acts_a_day: 0.3 }
  : { families: RUNS, days: 30, ticks_a_day: 3, acts_a_day: 0.5 };
/** Rounds under way at the same time: PostgreSQL does most of the work. */
const AT_ONCE = 2;
const PATIENCE_MS = IS_FULL ? 14_400_000 : 120_000;

test(
  'over months of crashes, doubles and gaps each due reminder comes once, and none that is not due',
  async () => {
    const totals = new Map<string, number>();
    const rounds = Array.from({ length: Math.ceil(RUNS / SIZE.families) }, (_, n) => SEED + n * SIZE.families).values();
    const taker = async () => {
      for (const seed of rounds) {
        const round = await simulate(seed, SIZE);
        for (const [what, count] of round.counts) totals.set(what, (totals.get(what) ?? 0) + count);
        if (IS_FULL) console.log(`seed ${seed}: ${figures(round.counts)}`);
        expect(failureOf(round)).toBe(null);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, taker));
    console.log(`Simulation, seed ${SEED}: ${RUNS} runs of ${SIZE.days} days each; ${figures(totals)}`);
    for (const what of ['claims', 'messages sent', 'ticks', 'acts']) expect(totals.get(what), what).toBeGreaterThan(20);
  },
  PATIENCE_MS,
);

function failureOf(round: Round): string | null {
  if (round.ledger.broken.length === 0) return null;
  const again = IS_FULL
    ? `npm run drill -- --only simulation --runs ${SIZE.families} --seed ${round.seed}`
    : 'vitest run test/simulation';
  return `${round.ledger.broken.length} rules broken with seed ${round.seed}; again: ${again}\n${storyOf(round)}`;
}

const figures = (counts: Map<string, number>) =>
  [...counts]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([what, count]) => `${what} ${count}`)
    .join(', ');
