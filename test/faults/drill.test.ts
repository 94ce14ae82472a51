import { afterAll, beforeAll, expect } from 'vitest';
import { makeStand, type Stand } from '../bench/stand.ts';
import { test } from '../home.ts';
import { crash } from './crash.ts';
import { failover } from './failover.ts';
import type { Finding } from './finding.ts';
import { load } from './load.ts';
import { strangeBodies } from './strange-bodies.ts';

/** `npm run drill` asks for all of it and wants to see the figures; every other run takes a slice. */
const { DRILL_BODIES, DRILL_SEED } = process.env;
const IS_FULL = DRILL_BODIES !== undefined;
const LOAD = IS_FULL
  ? { seconds: 10, warm_up_s_max: 120, growth_max: 0.1 }
  : { seconds: 2, warm_up_s_max: 3, growth_max: 0.25 };
const CRASH = IS_FULL ? { each: 200 } : { each: 20, lapse: true };
const STRANGE = IS_FULL ? { bodies: Number(DRILL_BODIES), seed: Number(DRILL_SEED) } : { bodies: 20, seed: 20 };
const FAILOVER = IS_FULL
  ? { per_s: 50, seconds: 10, seed: Number(DRILL_SEED), isFull: true }
  : { per_s: 20, seconds: 2, seed: Date.now() % 1_000_000, isFull: false };
const PATIENCE_MS = IS_FULL ? 1_800_000 : 90_000;

let stand: Stand;
beforeAll(async () => {
  stand = await makeStand(3, 20, { sessions: 600, collectAtOnce: true });
});
afterAll(() => stand?.stop());

// First, for memory is weighed while little is held.
test(
  'under load: no error, and memory stays where it was',
  async () => {
    report(await load(stand, LOAD));
  },
  PATIENCE_MS,
);

test(
  'PostgreSQL is killed under load: nothing lost, nothing twice',
  async () => {
    report(await crash(stand, CRASH));
  },
  PATIENCE_MS,
);

test(
  'strange bodies: refused, and never a 5xx',
  async ({ world }) => {
    report(await strangeBodies(world, STRANGE));
  },
  PATIENCE_MS,
);

test(
  'failover: one path after the other is cut, and each write is done once',
  async () => {
    judge(await failover(stand, { ...FAILOVER, told: print }));
  },
  PATIENCE_MS,
);

function report(findings: Finding[]): void {
  print(findings);
  judge(findings);
}

function print(findings: Finding[]): void {
  if (IS_FULL) for (const found of findings) console.log(lineOf(found));
}

function judge(findings: Finding[]): void {
  expect(findings.filter(({ isGood }) => !isGood).map(lineOf)).toEqual([]);
}

function lineOf({ check, isGood, figure }: Finding): string {
  return `${isGood ? 'ok    ' : 'FAILED'}  ${check}: ${figure}`;
}
