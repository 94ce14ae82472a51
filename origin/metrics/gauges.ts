import type { Db } from '../../db/client.ts';
import { findUpkeep, type Upkeep } from '../../db/gauges.ts';
import { type Backlog, findBacklog } from '../../db/readiness.ts';
import { AppError } from '../../domain/errors.ts';
import { newMeter } from '../../usecases/meter.ts';
import { trip } from '../../usecases/trip.ts';

/** Whoever asks more often is told the same. */
const AGE_MAX_MS = 10_000;

export type Gauges = {
  queues: Record<string, Backlog>;
  applied: number;
  /** Null: the schema is older than what it is asked for. */
  upkeep: Upkeep | null;
};

/** What the database says of itself, asked when somebody scrapes; null while it does not answer. */
export function gaugesOf(db: Db, now: () => number = Date.now): () => Promise<Gauges | null> {
  let read: { at_ms: number; gauges: Promise<Gauges | null> } | null = null;
  return async () => {
    if (read === null || now() - read.at_ms > AGE_MAX_MS) {
      read = { at_ms: now(), gauges: ask(db).catch(() => null) };
    }
    return await read.gauges;
  };
}

async function ask(db: Db): Promise<Gauges> {
  const way = { db, meter: newMeter() };
  const [[backlog], upkeep] = await Promise.all([
    trip(way, [findBacklog(db)]),
    trip(way, [findUpkeep(db)]).catch((error) => {
      if (error instanceof AppError && error.code === 'schema_behind') return null;
      throw error;
    }),
  ]);
  const [row] = backlog.rows;
  if (!row) throw new Error('The database said nothing of itself.');
  return { ...row.found, upkeep: upkeep?.[0].rows[0]?.found ?? null };
}
