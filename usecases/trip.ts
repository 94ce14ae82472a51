import type { Statement } from '../db/client.ts';
import { isAway, isRefusal, isTransient, translate } from '../db/errors.ts';
import { summaryOf } from '../db/query-summary.ts';
import { observe } from '../domain/telemetry/counts.ts';
import { errorName, note } from '../domain/telemetry/span.ts';
import type { Asking, Notes } from './ports.ts';

type Batch = readonly [Statement, ...Statement[]];

/** One HTTP request to the database, one transaction. A deadlock's victim is sent once more; every error comes out as ours. */
export async function trip<S extends Batch>(ctx: Pick<Asking, 'db' | 'meter'>, statements: S) {
  try {
    return await send(ctx, statements).catch((error) => {
      if (isTransient(error)) return send(ctx, statements);
      throw error;
    });
  } catch (error) {
    const ours = translate(error);
    if (isAway(ours)) ctx.meter.is_away = true;
    throw ours;
  }
}

async function send<S extends Batch>({ db, meter }: Pick<Asking, 'db' | 'meter'>, statements: S) {
  const started = performance.now();
  let failed: unknown = null;
  try {
    return await db.batch(statements);
  } catch (error) {
    failed = error;
    throw error;
  } finally {
    meter.trips += 1;
    meter.db_ms += performance.now() - started;
    if (meter.notes) tell(meter.notes, statements, started, failed);
  }
}

function tell({ counts, trace }: Notes, statements: Batch, started: number, failed: unknown): void {
  const result = failed === null ? 'ok' : isRefusal(failed) ? 'refused' : 'error';
  observe(counts, 'db_query_duration_seconds', { result }, (performance.now() - started) / 1000);
  if (!trace) return;
  note(trace, {
    // Read off the SQL only if somebody keeps the span.
    name: () => summaryOf(statements),
    kind: 'client',
    started,
    error: failed === null ? null : errorName(translate(failed)),
    attributes: { 'db.system.name': 'postgresql', 'db.operation.batch.size': statements.length },
  });
}
