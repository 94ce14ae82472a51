import { etagOf } from '../db/answer.ts';
import { findLookUps } from '../db/look-ups.ts';
import { AppError } from '../domain/errors.ts';
import { STATIC_DATA, type StaticData } from '../domain/static-data.ts';
import type { Asking } from './ports.ts';
import { trip } from './trip.ts';

/** How long an answer is taken for what the tables hold; the next one after that is still given, and renewed behind it. */
const FRESH_MS = 60_000;

type Part = keyof StaticData | 'all';
type Made = { body: string; etag: string };

/** Of one isolate or process: what it has read last, ready to be sent. */
export type KeptStaticData = { made: Map<Part, Made> | null; read_at_ms: number };

export const nothingKept = (): KeptStaticData => ({ made: null, read_at_ms: 0 });

/** The look-ups as admins have left them: one round trip for the first who asks an isolate, none for whoever follows. */
export async function readStaticData(ctx: Asking, part: Part): Promise<Made> {
  const { static_data: kept } = ctx;
  const now_ms = Date.parse(ctx.now());
  const made = kept.made ?? (await renewed(ctx, now_ms));
  if (now_ms - kept.read_at_ms > FRESH_MS) {
    kept.read_at_ms = now_ms;
    ctx.defer(renewed(ctx, now_ms));
  }
  const found = made.get(part);
  if (!found) throw new Error(`There is no ${part} in the static data.`);
  return found;
}

async function renewed(ctx: Asking, now_ms: number): Promise<Map<Part, Made>> {
  const data = { ...STATIC_DATA };
  try {
    const [answer] = await trip(ctx, [findLookUps(ctx.db)]);
    Object.assign(data, answer.rows[0]?.found);
  } catch (error) {
    // What the release was built with is better than nothing, and is not kept.
    if (!(error instanceof AppError) || error.code !== 'database_unavailable') throw error;
    return made(data);
  }
  const { static_data: kept } = ctx;
  kept.made = made(data);
  kept.read_at_ms = now_ms;
  return kept.made;
}

function made(data: StaticData): Map<Part, Made> {
  const parts = [['all', data], ...Object.entries(data)] as [Part, unknown][];
  return new Map(parts.map(([part, value]) => [part, tagged(value)] as const));
}

function tagged(value: unknown): Made {
  const body = JSON.stringify(value);
  return { body, etag: etagOf(body) };
}
