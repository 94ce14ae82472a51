import { type Backlog, EXPECTED_MIGRATIONS, type Found, findBacklog } from '../db/readiness.ts';
import { AppError } from '../domain/errors.ts';
import type { Queue } from '../domain/event.ts';
import type { Readiness } from '../domain/health.ts';
import type { Asking } from './ports.ts';
import { trip } from './trip.ts';

/** An event that waits longer than this means that nobody is working on them. */
const OLD_S = 60;

/** Asks each part for its state. Down: the database, or a schema behind this release. A cache that is down is borne. */
export async function checkReadiness(ctx: Pick<Asking, 'db' | 'log' | 'meter' | 'cache'>): Promise<Readiness> {
  const checked = checkCache(ctx);
  const started = performance.now();
  try {
    const [answer] = await trip(ctx, [findBacklog(ctx.db)]);
    const latency_ms = Math.round((performance.now() - started) * 10) / 10;
    const found = answer.rows[0]?.found;
    if (!found) throw new Error('The database said nothing of itself.');
    return readinessOf(found, latency_ms, await checked);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    ctx.log('ready.down', { code: error.code, cause: String(error.cause) });
    const isReached = error.code === 'schema_behind';
    return {
      status: 'down',
      parts: {
        database: { state: isReached ? 'ok' : 'down', latency_ms: null },
        schema: { state: 'down', applied: null, expected: EXPECTED_MIGRATIONS },
        cache: await checked,
        queue: { state: 'down', pending: null, oldest_age_s: null, dead: null, queues: null },
      },
    };
  }
}

/** Where there is none, that is no fault of it. */
export const checkCache = async ({ cache }: Pick<Asking, 'cache'>) =>
  (await cache?.check()) ?? { state: 'absent' as const, latency_ms: null };

/** What follows from what was found, the database being there. */
export function readinessOf(
  { applied, queues }: Found,
  latency_ms: number,
  cache: Readiness['parts']['cache'],
): Readiness {
  const isCurrent = applied >= EXPECTED_MIGRATIONS;
  const queue = { ...withState(allOf(Object.values(queues))), queues: eachWithState(queues) };
  return {
    status: isCurrent ? worseOf(queue.state, cache.state) : 'down',
    parts: {
      database: { state: 'ok', latency_ms },
      schema: { state: isCurrent ? 'ok' : 'down', applied, expected: EXPECTED_MIGRATIONS },
      cache,
      queue,
    },
  };
}

const worseOf = (queue: 'ok' | 'degraded', cache: 'ok' | 'down' | 'absent') => (cache === 'down' ? 'degraded' : queue);

const withState = (backlog: Backlog) => {
  const state: 'ok' | 'degraded' = (backlog.oldest_age_s ?? 0) > OLD_S ? 'degraded' : 'ok';
  return { state, ...backlog };
};

const eachWithState = ({ jobs, push, apns, mail, maintenance, long }: Record<Queue, Backlog>) => ({
  jobs: withState(jobs),
  push: withState(push),
  apns: withState(apns),
  mail: withState(mail),
  maintenance: withState(maintenance),
  long: withState(long),
});

const allOf = (queues: Backlog[]): Backlog => {
  const ages = queues.flatMap(({ oldest_age_s }) => oldest_age_s ?? []);
  return {
    pending: queues.reduce((sum, { pending }) => sum + pending, 0),
    oldest_age_s: ages.length > 0 ? Math.max(...ages) : null,
    dead: queues.reduce((sum, { dead }) => sum + dead, 0),
  };
};
