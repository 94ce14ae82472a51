import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { expect, inject, vi } from 'vitest';
import { type LocalRedis, startRedis } from '../../dev/redis.ts';
import { chunksOf } from '../../queues/chunks-of.ts';
import { type Cached, withCache } from '../cache/cached.ts';
import { addEvents, consumed, statesOf } from '../consumer.ts';
import { isReal } from '../gateway/stand.ts';
import { type Person, test, type World } from '../home.ts';
import { type Cut, startCut } from './cut.ts';
import { type Finding, finding } from './finding.ts';
import { type Family, type Ridden, ride } from './redis-load.ts';
import { familiesOf, type Origin, originAt } from './redis-origin.ts';

/** `npm run drill -- --only redis` asks for all of it and wants to see the table; every other run takes a slice. */
const IS_FULL = process.env.DRILL_REDIS !== undefined;
const SIZE = IS_FULL ? { ms: 10_000, per_s: 25, homes: 20, jobs: 1000 } : { ms: 400, per_s: 15, homes: 3, jobs: 60 };
/** What answers may lose to Redis. A slice counts what is asked instead: this machine may have other things to do. */
const LOST_MS = 80;
const PATIENCE_MS = 20_000;
/** By all that are under way when it goes away, and then by one each five seconds. */
const MOST_ASKED = 60;

type Phase = { name: string; ridden: Ridden; asked: number };
type Stage = { world: World; cached: Cached; origin: Origin; families: Family[]; way: Cut };

test('Redis hangs, is down, full and wiped, and then the database is away', { timeout: 300_000 }, async ({ world }) => {
  const cached = await withCache(world);
  const way = await startCut(inject('postgresPort'));
  const origin = originAt(world, cached.stand, way.port);
  world.onClose(origin.stop);
  world.onClose(way.stop);
  const stage = { world, cached, origin, way, families: await familiesOf(world, SIZE.homes) };
  await ride({ ...origin, families: stage.families, ...SIZE, ms: SIZE.ms / 2 }); // what is slow the first time
  if (IS_FULL && isReal) report(await allPhases(stage));
  report(await jobsWhileWiped(stage));
  report(await databaseAway(stage));
  if (!IS_FULL && isReal) report(await slice(stage));
});

/** Hung comes last: nobody waits here until Redis is asked again. */
async function slice(stage: Stage): Promise<Finding[]> {
  const wiping = setInterval(() => void stage.cached.ask('FLUSHALL'), 50);
  const wiped = await phase(stage, 'wiped all the time');
  clearInterval(wiping);
  stage.cached.hang();
  return judged([wiped, await phase(stage, 'hung')]);
}

async function allPhases(stage: Stage): Promise<Finding[]> {
  const { cached, origin } = stage;
  const address = cached.stand.redis?.address ?? '';
  const operator = new Redis(address, { retryStrategy: () => 100 });
  operator.on('error', () => {}); // while it is down
  const phases = [await phase(stage, 'well')];
  cached.hang();
  phases.push(await phase(stage, 'hung'));
  cached.wake();
  await origin.isBack();
  await cached.stand.redis?.stop();
  phases.push(await phase(stage, 'down'));
  const again: LocalRedis = await startRedis(Number(new URL(address).port), join(tmpdir(), 'redis-drill.log'));
  stage.world.onClose(again.stop);
  await origin.isBack();
  await operator.config('SET', 'maxmemory-policy', 'noeviction');
  await operator.config('SET', 'maxmemory', '1mb');
  phases.push(await phase(stage, 'full'));
  await operator.config('SET', 'maxmemory', '64mb');
  const wiping = setInterval(() => void operator.flushall(), 50);
  phases.push(await phase(stage, 'wiped all the time'));
  clearInterval(wiping);
  phases.push(await phase(stage, 'well again'));
  operator.disconnect();
  return judged(phases);
}

async function phase({ cached, origin, families }: Stage, name: string): Promise<Phase> {
  const sent = vi.spyOn(globalThis, 'fetch');
  const ridden = await ride({ ...origin, families, ...SIZE });
  const asked = sent.mock.calls.filter(([url]) => String(url).startsWith(cached.stand.url)).length;
  sent.mockRestore();
  return { name, ridden, asked };
}

function judged(phases: Phase[]): Finding[] {
  const usual = phases.find(({ name }) => name === 'well')?.ridden;
  return phases.map(({ name, ridden, asked }) => {
    const { answers, refused, wrong, hits, p50, p95, max } = ridden;
    const isAway = name === 'hung' || name === 'down';
    const added = p95 - (usual?.p95 ?? p95);
    const isGood =
      refused.length + wrong.length === 0 &&
      answers > 0 &&
      (!isAway || asked <= MOST_ASKED) &&
      (!name.startsWith('well') || hits > 0) &&
      (!usual || added <= LOST_MS);
    const [of_50, of_95, most] = [p50, p95, max].map((ms) => ms.toFixed(0));
    const wrongs = [...refused, ...wrong].slice(0, 3).join(', ');
    const figure = `${answers} answers, ${refused.length} refused, ${wrong.length} wrong, ${hits} boards kept, Redis asked ${asked} times, p50 ${of_50} ms, p95 ${of_95} ms, at most ${most} ms ${wrongs}`;
    return finding(`Redis ${name}`, isGood, figure);
  });
}

/** What is to be done waits in the database alone. */
async function jobsWhileWiped({ world, cached }: Stage): Promise<Finding[]> {
  const ids = await addEvents(
    world,
    Array.from({ length: SIZE.jobs }, (_, file_id) => ({ type: 'text.requested' as const, file_id })),
    'long',
  );
  const done = new Map<number, number>();
  const act = async (_worker: unknown, _found: unknown, { event_id }: { event_id: number }) =>
    void done.set(event_id, (done.get(event_id) ?? 0) + 1);
  const work = { jobs: { 'text.requested': { act } }, worker: { cache: cached.cache } };
  const batches = chunksOf(ids, 20).values();
  const consumer = async () => {
    for (const batch of batches) {
      await cached.ask('FLUSHALL');
      await consumed(world, [...batch, ...ids.slice(0, 5)], work);
    }
  };
  await Promise.all([consumer(), consumer()]);
  const ended = (await statesOf(world, ids)).filter(({ state }) => state === 'done').length;
  const isOnce = ids.every((id) => done.get(id) === 1);
  return [
    finding(
      `Redis wiped with ${ids.length} long jobs pending`,
      isOnce && ended === ids.length,
      `${ended} ended, ${[...done.values()].reduce((a, b) => a + b, 0)} runs`,
    ),
  ];
}

async function databaseAway({ families, origin, way, cached }: Stage): Promise<Finding[]> {
  const asked = families.flatMap(({ owner, member, residence_id }) => [
    { by: owner, path: '/api/tasks/' },
    { by: member, path: '/api/tasks/' },
    { by: owner, path: '/api/residences/' },
    { by: owner, path: `/api/tasks/by-residence/${residence_id}/` },
  ]);
  const reads = async () => {
    const said: Promise<Response>[] = [];
    for (const { by, path } of asked) {
      said.push(origin.send('GET', path, by));
      await pause(1000 / (2 * SIZE.per_s));
    }
    return await Promise.all(said);
  };
  /** As above, but that Redis may be too late for some at first. */
  const readsInTheEnd = async () => {
    const said: Response[] = [];
    for (const { by, path } of asked) {
      said.push(
        await vi.waitUntil(() => origin.send('GET', path, by).then((answer) => answer.ok && answer), {
          timeout: PATIENCE_MS,
        }),
      );
    }
    return said;
  };
  const before: string[] = [];
  for (const { by, path } of asked) before.push(await keptOf({ origin, cached }, by, path));
  await way.cut();
  const began = performance.now();
  const kept = IS_FULL ? await reads() : await readsInTheEnd();
  const took = performance.now() - began;
  const writes = await Promise.all(
    families.map(({ owner, residence_id }) => origin.send('POST', '/api/tasks/', owner, { residence_id, title: 'No' })),
  );
  const texts = await Promise.all(kept.map((answer) => answer.text()));
  const isMarked = kept.every(({ headers }) => headers.get('x-served-stale') === 'true' && headers.has('age'));
  const isHonest = writes.every(({ status, headers }) => status === 503 && headers.has('retry-after'));
  await cached.ask('FLUSHALL');
  const lost = await reads();
  await way.mend();
  const mended = await reads();
  const statuses = (answers: Response[]) => [...new Set(answers.map(({ status }) => status))].join(' ');
  return [
    finding(
      'the database away: reads from the last good copies',
      isMarked && statuses(kept) === '200' && texts.every((text, n) => text === before[n]),
      `${kept.length} reads at ${2 * SIZE.per_s} a second: ${statuses(kept)}, all of them in ${took.toFixed(0)} ms`,
    ),
    finding('the database away: writes', isHonest, `${writes.length} writes: ${statuses(writes)}`),
    finding('the database away and Redis wiped', statuses(lost) === '503', `${lost.length} reads: ${statuses(lost)}`),
    finding('the database back', statuses(mended) === '200', `${mended.length} reads: ${statuses(mended)}`),
  ];
}

/** Reads until a copy is kept, which Redis may be too late for on a busy machine. */
async function keptOf({ origin, cached }: Pick<Stage, 'origin' | 'cached'>, by: Person, path: string): Promise<string> {
  let text = '';
  await vi.waitUntil(
    async () => {
      text = await (await origin.send('GET', path, by)).text();
      return (await cached.ask('HEXISTS', `copy:${by.user_id}`, `c:${path.replace(/\/$/, '')} `)) === 1;
    },
    { timeout: PATIENCE_MS, interval: 20 },
  );
  return text;
}

function report(findings: Finding[]): void {
  const line = ({ check, isGood, figure }: Finding) => `${isGood ? 'ok    ' : 'FAILED'}  ${check}: ${figure}`;
  if (IS_FULL) for (const found of findings) console.log(line(found));
  expect(findings.filter(({ isGood }) => !isGood).map(line)).toEqual([]);
}
