import { createHash, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import type { Db } from '../../db/client.ts';
import { noteRun } from '../../db/runs.ts';
import type { Count } from '../../domain/cache.ts';
import { add, type Counts } from '../../domain/telemetry/counts.ts';
import { bucketsOf, METRICS, type MetricName } from '../../domain/telemetry/metrics.ts';

/** Where the edge sends its counts, and the backup that it is done. */
export const INGEST_PATH = '/internal/metrics';
const BODY_BYTES_MAX = 1024 ** 2;
const REMEMBERED_S = 3600;
const REMEMBERED_MAX = 10_000;

const Label = z.string().max(200);
const SeriesOf = z
  .object({
    name: z.enum(Object.keys(METRICS) as [MetricName, ...MetricName[]]),
    labels: z.record(z.string(), Label),
    sum: z.number().min(0),
    buckets: z.array(z.int().min(0)).optional(),
  })
  .refine(({ name, labels, buckets }) => {
    const expected = [...METRICS[name].labels, 'runtime'].sort();
    const bounds = bucketsOf(name);
    return (
      buckets?.length === (bounds ? bounds.length + 1 : undefined) &&
      Object.keys(labels).sort().join() === expected.join()
    );
  });
const Batch = z.object({ id: z.uuid(), release: Label, series: z.array(SeriesOf).max(5000) });
const Backup = z.object({ backup_succeeded_at: z.iso.datetime() });
const Body = z.union([Batch, Backup]);

type To = {
  counts: Counts;
  releases: Map<string, string>;
  db: Db;
  token: string;
  /** What all pods remember together; absent or away: each for itself. */
  count?: Count | undefined;
};

/**
 * Takes counts from whoever nobody can scrape, and adds them to this pod's own. They live here and not in Redis, which may
 * forget them when it is full: Prometheus sums the pods, and knows a new one by its counters' fall.
 */
export function newIngest({ counts, releases, db, token, count }: To) {
  const isNew = remembering(count);
  return async function ingest(request: Request): Promise<Response> {
    if (request.method !== 'POST') return new Response(null, { status: 405, headers: { allow: 'POST' } });
    if (!isSame(request.headers.get('authorization') ?? '', `Bearer ${token}`))
      return new Response(null, { status: 401 });
    const text = await readText(request);
    if (text === null) return new Response(null, { status: 413 });
    const body = Body.safeParse(parsed(text));
    if (!body.success) return new Response(null, { status: 400 });
    if ('backup_succeeded_at' in body.data) {
      await noteRun(db, 'backup', body.data.backup_succeeded_at);
      return new Response(null, { status: 204 });
    }
    const { id, release, series } = body.data;
    if (await isNew(id)) {
      add(counts, series);
      releases.set('edge', release);
    }
    return new Response(null, { status: 204 });
  };
}

function remembering(count: Count | undefined): (id: string) => Promise<boolean> {
  const seen = new Set<string>();
  return async (id) => {
    if (seen.has(id)) return false;
    seen.add(id);
    if (seen.size > REMEMBERED_MAX) for (const oldest of [...seen].slice(0, REMEMBERED_MAX / 2)) seen.delete(oldest);
    const counted = (await count?.(`telemetry:${id}`, { window_s: REMEMBERED_S })) ?? null;
    return counted === null || counted.count === 1;
  };
}

async function readText(request: Request): Promise<string | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > BODY_BYTES_MAX) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const isSame = (one: string, other: string): boolean => timingSafeEqual(digestOf(one), digestOf(other));
const digestOf = (text: string) => createHash('sha256').update(text).digest();
