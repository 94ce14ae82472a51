import { setTimeout as wait } from 'node:timers/promises';
import type { Stand } from '../bench/stand.ts';
import { compareBooks } from './books.ts';
import { type Fault, faults, storm } from './failover-faults.ts';
import { type Load, newLoad, ownPace, p95, startLoad } from './failover-load.ts';
import { type Sides, startSides } from './failover-sides.ts';
import { type Finding, finding } from './finding.ts';
import { type Ledger, openLedger } from './ledger.ts';

const FAILED_MAX = 0.01;
const PACE_MAX = 2;
const ATTEMPTS_MAX = 2;
/** architecture.md: a whole request, and what this machine adds to it under load. */
const WHOLE_MS_MAX = 10_500;
/** Until the edge tries its own path again, and a little more. */
const HALF_OPEN_MS = 5500;
/** So many are asked of the origin itself meanwhile, to compare: what else this machine does then slows both. */
const PACE_PER_S = 10;
/** Until V8 has compiled what is asked often, on both sides: a fault meets what has run for long. */
const WARM_S = 5;

type Options = { per_s: number; seconds: number; seed: number; isFull: boolean; told: (findings: Finding[]) => void };

/** Clients make and read tasks while one path after the other is cut; the other one carries them, each write once. */
export async function failover(stand: Stand, { per_s, seconds, seed, isFull, told }: Options): Promise<Finding[]> {
  const sides = await startSides(stand);
  try {
    await warmUp(sides, per_s, isFull ? WARM_S : 1);
    if (!isFull)
      return [
        ...(await under(sides, per_s, storm(seed, seconds), false)),
        ...(await bothDown(sides, per_s, 'refuse', 1)),
      ];
    const found: Finding[] = [];
    const tell = (more: Finding[]) => {
      told(more);
      found.push(...more);
    };
    for (const fault of [...faults(seconds), storm(seed, seconds)]) tell(await under(sides, per_s, fault, true));
    for (const mode of ['refuse', 'hang'] as const) tell(await bothDown(sides, per_s, mode, seconds));
    return found;
  } finally {
    await sides.stop();
  }
}

async function warmUp(sides: Sides, per_s: number, seconds: number): Promise<void> {
  const stop = startLoad(sides, per_s, openLedger(sides.stand, 'warm'), newLoad(), 'warm');
  await ownPace(sides, PACE_PER_S, seconds);
  await stop();
}

async function under(
  sides: Sides,
  per_s: number,
  { name, begin, seconds, isOver }: Fault,
  isFull: boolean,
): Promise<Finding[]> {
  const prefix = `f${crypto.randomUUID().slice(0, 8)}`;
  const ledger = openLedger(sides.stand, prefix);
  const load = newLoad();
  const stop = startLoad(sides, per_s, ledger, load, prefix);
  begin(sides);
  const own_p95 = isFull && isOver ? await ownPace(sides, PACE_PER_S, seconds) : await wait(seconds * 1000, null);
  await stop();
  calm(sides);
  const attempts = mostAttempts(sides, prefix);
  const pace = p95(load.took_ms);
  const failed = load.failed.length / load.took_ms.length;
  const found = [
    finding(
      `failed requests at most ${FAILED_MAX * 100} %`,
      failed <= FAILED_MAX,
      `${load.failed.length} of ${load.took_ms.length} (${(failed * 100).toFixed(2)} %) ${described(load)}`,
    ),
    finding(`attempts per request at most ${ATTEMPTS_MAX}`, attempts > 0 && attempts <= ATTEMPTS_MAX, `${attempts}`),
    ...(own_p95 === null
      ? []
      : [
          finding(
            `p95 at most ${PACE_MAX} times the origin’s own`,
            pace <= PACE_MAX * own_p95,
            `${pace.toFixed(1)} ms, the origin’s own ${own_p95.toFixed(1)} ms`,
          ),
        ]),
    ...(await settled(sides, ledger, load, prefix)),
  ];
  if (isFull) await wait(HALF_OPEN_MS);
  return found.map((one) => ({ ...one, check: `failover: ${name}: ${one.check}` }));
}

/** Neither path is left: a refusal that says when to come again, in time, and never a 500. */
async function bothDown(sides: Sides, per_s: number, mode: 'refuse' | 'hang', seconds: number): Promise<Finding[]> {
  const prefix = `b${crypto.randomUUID().slice(0, 8)}`;
  const ledger = openLedger(sides.stand, prefix);
  const load = newLoad();
  sides.toNeon.be(mode);
  sides.toPostgres.be(mode);
  const stop = startLoad(sides, per_s, ledger, load, prefix);
  await wait(seconds * 1000);
  await stop();
  const attempts = mostAttempts(sides, prefix);
  calm(sides);
  await wait(mode === 'hang' ? HALF_OPEN_MS : 0);
  const writes = load.failed.filter(({ isRead }) => !isRead);
  const odd = load.failed.filter(({ status, hasRetryAfter }) => status !== 503 || !hasRetryAfter);
  const slowest = Math.max(...load.took_ms);
  // Reads may be answered from copies (last-good.ts), where Redis is there to keep them.
  const found = [
    finding(
      'writes are answered 503 with Retry-After, and nothing is answered 500',
      writes.length > 0 && odd.length === 0,
      `${writes.length} writes refused, ${load.failed.length} of ${load.took_ms.length} in all ${described(load)}`,
    ),
    finding(`each within ${WHOLE_MS_MAX} ms`, slowest <= WHOLE_MS_MAX, `the slowest took ${slowest.toFixed(0)} ms`),
    finding(`attempts per request at most ${ATTEMPTS_MAX}`, attempts > 0 && attempts <= ATTEMPTS_MAX, `${attempts}`),
    ...(await settled(sides, ledger, load, prefix)),
  ];
  return found.map((one) => ({ ...one, check: `failover: both paths ${mode}: ${one.check}` }));
}

/** Every key without an answer is sent once more; then nothing is lost and nothing doubled. */
async function settled({ stand }: Sides, ledger: Ledger, { keyless }: Load, prefix: string): Promise<Finding[]> {
  for (let n = 0; n < 3; n += 1) await ledger.retryUnknown();
  // What a consumer held while its path was cut, or put off, waits for nobody here.
  await stand.query(`update outbox set lease_until = now(), run_at = now() where done_at is null`);
  const acknowledged = ledger.acknowledged();
  const rows = await stand.query(
    `select title, count(*)::int as made from task_task where title like $1 group by title`,
    [`x${prefix}-%`],
  );
  const made = new Map(rows.map((row) => [row.title, row.made]));
  const lost = [...keyless].filter(([title, isAcknowledged]) => isAcknowledged && !made.has(title)).length;
  const doubled = rows.filter((row) => row.made > 1).length;
  await stand.query(`update task_task set title = 'Done' where title like $1`, [`x${prefix}-%`]);
  return [
    finding(
      'without a key: none lost, none doubled',
      lost + doubled === 0,
      `${lost} lost, ${doubled} doubled of ${keyless.size}`,
    ),
    finding('every key is settled', acknowledged.size === ledger.size(), `${acknowledged.size} of ${ledger.size()}`),
    ...(await compareBooks(stand, prefix, acknowledged)),
  ];
}

function calm({ toNeon, toOrigin, toPostgres }: Sides): void {
  for (const proxy of [toNeon, toOrigin, toPostgres]) proxy.be('pass');
}

const mostAttempts = ({ attempts }: Sides, prefix: string): number =>
  Math.max(0, ...[...attempts()].filter(([id]) => id.includes(prefix)).map(([, count]) => count));

function described({ failed, by }: Load): string {
  const statuses = Map.groupBy(
    failed,
    ({ status, hasRetryAfter }) => `${status}${hasRetryAfter ? '' : ' without Retry-After'}`,
  );
  return JSON.stringify({ ...Object.fromEntries([...statuses].map(([status, some]) => [status, some.length])), by });
}
