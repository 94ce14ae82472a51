import * as z from 'zod';

/** One line of ours, wherever it was printed. */
export type Entry = { from: string; line: Record<string, unknown> };
export type Wanted = { request?: string; trace?: string; route?: string; status?: string };

/** What a process prints beside its lines is a line too, without an event. */
export function entryOf(from: string, text: string): Entry | null {
  if (text.trim() === '') return null;
  const parsed = Line.safeParse(text);
  return { from, line: parsed.success ? parsed.data : { text } };
}

const Line = z
  .string()
  .startsWith('{')
  .transform((text, ctx) => {
    try {
      return JSON.parse(text);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      ctx.addIssue('no JSON');
      return z.NEVER;
    }
  })
  .pipe(z.record(z.string(), z.unknown()));

const Tailed = z.looseObject({
  logs: z.array(z.object({ message: z.array(z.unknown()) })).default([]),
  exceptions: z.array(z.looseObject({ name: z.string(), message: z.string() })).default([]),
  outcome: z.string(),
});

/** The lines in one event of `wrangler tail`, and what the platform says of it: what it killed could not. */
export function entriesOf(from: string, event: unknown): Entry[] {
  const { logs, exceptions, outcome } = Tailed.parse(event);
  return [
    ...logs.flatMap(({ message }) => entryOf(from, message.map((part) => String(part)).join(' ')) ?? []),
    ...exceptions.map(({ name, message }) => ({
      from,
      line: { level: 'error', event: 'worker.threw', error: `${name}: ${message}` },
    })),
    ...(outcome === 'ok' ? [] : [{ from, line: { level: 'error', event: 'worker.ended', outcome } }]),
  ];
}

/** `5xx` stands for every status that begins with 5; a route may be its beginning. */
export const isWanted = ({ line }: Entry, { request, trace, route, status }: Wanted): boolean =>
  (request === undefined || line.request_id === request) &&
  (trace === undefined || line.trace_id === trace || String(line.traceparent ?? '').includes(trace)) &&
  (route === undefined || String(line.route ?? '').startsWith(route)) &&
  (status === undefined || new RegExp(`^${status.replaceAll('x', '\\d')}$`).test(String(line.status ?? '')));

export function pretty({ from, line: { at, level, event, text, ...rest } }: Entry): string {
  const time = typeof at === 'string' ? at.slice(11, 23) : '            ';
  const mark = level === 'error' ? '!' : ' ';
  const said = Object.entries(rest)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return [time, mark, from.padEnd(12), event ?? text, ...said].join(' ').trimEnd();
}
