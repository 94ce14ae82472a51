// npm run trace -- <request id | trace id> [--json]
// Everything that is kept of a request, by the id that its answer shows: lines, spans, audit rows, events and what became
// of them. From LOKI_QUERY_URL, TEMPO_URL and DATABASE_URL (or MIGRATE_DATABASE_URL); without any, from the running local
// stack. What is not set up or does not answer is named, and the rest is shown. Ends with 1 if nothing was found.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { neonConfig } from '@neondatabase/serverless';
import { sql } from 'drizzle-orm';
import { observatoryFrom } from '../adapters/observatory.ts';
import { connect, statement } from '../db/client.ts';
import { findTraced } from '../db/traces.ts';
import { type Traced, type TraceIds, TraceName, type TraceRows } from '../domain/trace.ts';
import { createNeon } from '../origin/neon/fetch.ts';
import { hear } from '../usecases/hear.ts';
import { findTrace } from '../usecases/trace/find.ts';
import { textOf, treeOf } from './trace-text.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Somebody waits, and would rather wait than ask again. */
const DEADLINE_MS = 15_000;
const NAMES = ['LOKI_QUERY_URL', 'TEMPO_URL', 'DATABASE_URL', 'MIGRATE_DATABASE_URL'];
const NOTHING: TraceRows = { audit: [], events: [] };

type Environment = Record<string, string | undefined>;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false } },
});
const name = TraceName.parse(positionals[0]);
const env = NAMES.some((known) => process.env[known]) ? process.env : ofLocalStack();
const database_url = env.DATABASE_URL || env.MIGRATE_DATABASE_URL;
const neon = createNeon({ maxConnections: 1 });
neonConfig.fetchFunction = neon.fetch;
/** What the database says last is of it: once it is away it is not waited for again. */
let database: Traced['lines']['state'] = 'ok';
const found = await findTrace(
  {
    observatory: observatoryFrom(env, DEADLINE_MS),
    rows,
    log: (_event, { part, error } = {}) => console.error(`${part}: ${error}`),
    now: () => new Date().toISOString(),
  },
  name,
);
await neon.close();
console.log(values.json ? JSON.stringify({ ...found, database }, null, 2) : shown(found));
const { lines, spans, audit, events } = found;
if (!lines.found?.length && !spans.found?.length && audit.length + events.length === 0) process.exitCode = 1;

async function rows(ids: TraceIds): Promise<TraceRows> {
  if (database !== 'ok') return NOTHING;
  const ask = database_url && (() => readOnly(database_url, ids));
  const answer = await hear(
    (_event, { error } = {}) => console.error(`database: ${error}`),
    'database',
    ask || undefined,
  );
  database = answer.state;
  return answer.found ?? NOTHING;
}

async function readOnly(url: string, ids: TraceIds): Promise<TraceRows> {
  const db = connect(url, () => AbortSignal.timeout(DEADLINE_MS));
  const [, answer] = await db.batch([statement(db, sql`set transaction read only`), findTraced(db, ids)]);
  return answer.rows[0]?.found ?? NOTHING;
}

function shown(traced: Traced): string {
  const { request_ids, trace_ids, lines, spans, audit, events } = traced;
  const said = (state: Traced['lines']['state'], what: string, setting: string) =>
    ({ ok: what, not_configured: `not set up (${setting})`, no_answer: `no answer (${setting})` })[state];
  const head = [
    `request   ${request_ids.join(', ') || '–'}`,
    `trace     ${trace_ids.join(', ') || '–'}`,
    `log       ${said(lines.state, many(lines.found?.length ?? 0, 'line'), 'LOKI_QUERY_URL')}`,
    `spans     ${said(spans.state, `${spans.found?.length}`, 'TEMPO_URL')}`,
    `database  ${said(database, `${many(audit.length, 'audit row')}, ${many(events.length, 'event')}`, 'DATABASE_URL')}`,
  ];
  return [...head, '', ...textOf(treeOf(traced))].join('\n').trimEnd();
}

function many(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function ofLocalStack(): Environment {
  const file = join(process.env.HONEYDUE_LOCAL ?? join(ROOT, '.local'), 'stack.json');
  if (!existsSync(file)) throw new Error(`Name one of ${NAMES.join(', ')}, or start the local stack.`);
  const { traces, database_url } = JSON.parse(readFileSync(file, 'utf8'));
  return { LOKI_QUERY_URL: traces, TEMPO_URL: traces, DATABASE_URL: database_url };
}
