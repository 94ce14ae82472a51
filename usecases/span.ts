import type { Log } from './ports.ts';

/** What is under way: where its line goes, and the trace that it belongs to. */
type Underway = { log: Log; traceparent: string | null };

/** Does what others are asked for, and notes how long it took and how it ended: by its name, never by what was said. */
export async function span<T>({ log, traceparent }: Underway, name: string, work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  const [, trace_id, parent_id] = traceparent?.split('-') ?? [];
  const end = (error: string | null) =>
    log('span', { name, trace_id, parent_id, ms: Math.round(performance.now() - started), error });
  try {
    const done = await work();
    end(null);
    return done;
  } catch (error) {
    end(error instanceof Error ? error.name : typeof error);
    throw error;
  }
}
