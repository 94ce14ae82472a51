import { EXPECTED_MIGRATIONS, findBacklog } from '../db/readiness.ts';
import { AppError } from '../domain/errors.ts';
import type { Readiness } from '../domain/health.ts';
import type { Asking } from './ports.ts';
import { trip } from './trip.ts';

/** An event that waits longer than this means that nobody is working on them. */
const OLD_S = 60;

/** Asks each part for its state. Down: the database, or a schema behind this release. */
export async function checkReadiness(ctx: Asking): Promise<Readiness> {
  const started = performance.now();
  const cache = { state: 'absent', latency_ms: null } as const;
  try {
    const [answer] = await trip(ctx, [findBacklog(ctx.db)]);
    const latency_ms = Math.round((performance.now() - started) * 10) / 10;
    const { applied = 0, pending = 0, oldest_age_s = null } = answer.rows[0]?.found ?? {};
    const isCurrent = applied >= EXPECTED_MIGRATIONS;
    const isLate = (oldest_age_s ?? 0) > OLD_S;
    return {
      status: isCurrent ? (isLate ? 'degraded' : 'ok') : 'down',
      parts: {
        database: { state: 'ok', latency_ms },
        schema: { state: isCurrent ? 'ok' : 'down', applied, expected: EXPECTED_MIGRATIONS },
        cache,
        queue: { state: isLate ? 'degraded' : 'ok', pending, oldest_age_s },
      },
    };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    ctx.log('ready.down', { code: error.code, cause: String(error.cause) });
    const isReached = error.code === 'schema_behind';
    return {
      status: 'down',
      parts: {
        database: { state: isReached ? 'ok' : 'down', latency_ms: null },
        schema: { state: 'down', applied: null, expected: EXPECTED_MIGRATIONS },
        cache,
        queue: { state: 'down', pending: null, oldest_age_s: null },
      },
    };
  }
}
