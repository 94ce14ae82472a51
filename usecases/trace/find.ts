import type { Heard, LineSearch, LogLine, Observatory } from '../../domain/observatory.ts';
import {
  asTree,
  idsOf,
  namedBy,
  type Traced,
  type TraceIds,
  type TraceRows,
  together,
  without,
} from '../../domain/trace.ts';
import { hear } from '../hear.ts';
import type { Log } from '../ports.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Where nothing says when it was. */
const LOOK_BACK_MS = 7 * DAY_MS;

type Sources = {
  observatory: Observatory;
  /** What the database has of them: one round trip. */
  rows(ids: TraceIds): Promise<TraceRows>;
  log: Log;
  now(): string;
};

/**
 * Whatever is kept of a request: the database first, which also says who may ask, then those outside together. What they
 * name besides (the trace of a request, the requests of a trace) is asked for once more.
 */
export async function findTrace({ observatory, rows, log, now }: Sources, name: string): Promise<Traced> {
  const asked = idsOf(name);
  const changed = await rows(asked);
  const known = together(asked, namedBy(changed, [], []));
  const first = await look(observatory, log, known, windowOf(changed, now()));
  const named = namedBy(changed, first.lines.found ?? [], first.spans.found ?? []);
  const all = together(known, named);
  const learnt = without(all, known);
  const [second, more] = await Promise.all([
    look(stillThere(observatory, first), log, learnt, windowOf(changed, now())),
    learnt.request_ids.length + learnt.trace_ids.length > 0 ? rows(learnt) : { audit: [], events: [] },
  ]);
  const lines = both(first.lines, second.lines);
  const spans = both(first.spans, second.spans);
  return {
    id: name,
    // What was asked for as a trace is no request as long as nobody calls one so.
    request_ids: all.request_ids.filter((id) => !all.trace_ids.includes(id) || named.request_ids.includes(id)),
    trace_ids: all.trace_ids,
    lines: { ...lines, found: lines.found && inTime(lines.found) },
    spans: { ...spans, found: spans.found && asTree(spans.found) },
    audit: byId([...changed.audit, ...more.audit]),
    events: byId([...changed.events, ...more.events]),
  };
}

type Window = Pick<LineSearch, 'from' | 'to'>;
type Seen = Awaited<ReturnType<typeof look>>;

async function look({ lines, spans }: Observatory, log: Log, { request_ids, trace_ids }: TraceIds, window: Window) {
  const [one, ...others] = [...request_ids, ...trace_ids];
  const askLines = lines && (async () => (one ? await lines({ ids: [one, ...others], ...window }) : []));
  const askSpans = spans && (async () => (await Promise.all(trace_ids.map(spans))).flat());
  const [heardLines, heardSpans] = await Promise.all([hear(log, 'lines', askLines), hear(log, 'spans', askSpans)]);
  return { lines: heardLines, spans: heardSpans };
}

/** Who has not answered once is not waited for again. */
const stillThere = ({ lines, spans }: Observatory, seen: Seen): Observatory => ({
  ...(lines && seen.lines.state === 'ok' && { lines }),
  ...(spans && seen.spans.state === 'ok' && { spans }),
});

/** Its jobs may have been tried for a day. */
function windowOf({ audit, events }: TraceRows, now: string): Window {
  const times = [...audit.map(({ at }) => at), ...events.map(({ created_at }) => created_at)].map(Date.parse);
  const now_ms = Date.parse(now);
  const from_ms = times.length > 0 ? Math.min(...times) - 10 * MINUTE_MS : now_ms - LOOK_BACK_MS;
  const to_ms = times.length > 0 ? Math.max(...times) + DAY_MS : now_ms + MINUTE_MS;
  return { from: new Date(from_ms).toISOString(), to: new Date(to_ms).toISOString() };
}

function both<T>(first: Heard<T[]>, second: Heard<T[]>): Heard<T[]> {
  if (first.state !== 'ok') return first;
  const found = [...(first.found ?? []), ...(second.found ?? [])];
  return { state: second.state === 'no_answer' ? 'no_answer' : 'ok', found };
}

const inTime = (lines: LogLine[]): LogLine[] =>
  [...new Map(lines.map((line) => [JSON.stringify(line), line])).values()].sort((a, b) => a.at.localeCompare(b.at));

const byId = <R extends { id: number }>(found: R[]): R[] =>
  [...new Map(found.map((row) => [row.id, row])).values()].sort((a, b) => a.id - b.id);
