import { errorName, note, type SpanKind } from '../domain/telemetry/span.ts';
import { spanUnder, traceparentOf } from '../domain/telemetry/trace-context.ts';
import type { Log, Meter } from './ports.ts';

/** What is under way: where its line and its spans go, and the trace that it belongs to. */
export type Underway = { log: Log; traceparent: string | null; meter?: Pick<Meter, 'notes'> };

/** Does what others are asked for, and notes how long it took and how it ended: by its name, never by what was said. */
export async function span<T>(underway: Underway, name: string, work: () => Promise<T>): Promise<T> {
  const { log, traceparent } = underway;
  const started = performance.now();
  const [, trace_id, parent_id] = traceparent?.split('-') ?? [];
  const end = (error: string | null) =>
    log('span', { name, trace_id, parent_id, ms: Math.round(performance.now() - started), error });
  try {
    const done = await noted(underway, name, 'client', work);
    end(null);
    return done;
  } catch (error) {
    end(error instanceof Error ? error.name : typeof error);
    throw error;
  }
}

/** Does it as a span of the trace, without a line. Whoever is asked may be told which: undefined if nobody keeps spans. */
export async function noted<T>(
  { meter }: Pick<Underway, 'meter'>,
  name: string,
  kind: SpanKind,
  work: (traceparent: string | undefined) => Promise<T>,
): Promise<T> {
  const trace = meter?.notes?.trace;
  if (!trace) return await work(undefined);
  const started = performance.now();
  const place = spanUnder(trace.place);
  try {
    const done = await work(traceparentOf(place));
    note(trace, { name, kind, place, started, error: null });
    return done;
  } catch (error) {
    note(trace, { name, kind, place, started, error: errorName(error) });
    throw error;
  }
}
