import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { neon, neonConfig } from '@neondatabase/serverless';
import { byIndex, timeAdminLists } from './admin-lists.ts';
import { startBare } from './bare.ts';
import { drain } from './drain.ts';
import { timeOrigin } from './origin.ts';
import { timeSearch } from './search.ts';
import { headersFor, makeStand } from './stand.ts';
import { timeTelemetry } from './telemetry.ts';

const TASKS = 200;
const ROUNDS = 300;
const MAX_RATIO = 3;
const EVENTS = 10_000;
const MAX_SEARCH_MS = 50;
const MAX_LIST_MS = 100;
/** Of the board's median, for telling everything of it. */
const MAX_TELEMETRY_SHARE = 0.05;
/** Of what a server by hand does, which does nothing else. */
const MIN_THROUGHPUT = 0.9;
const MAX_KIB = 1152;

const stand = await makeStand(20, TASKS, { sessions: 200 });
const bareWorker = await startBare(stand);
neonConfig.fetchEndpoint = stand.endpoint;
const sql = neon(stand.databaseUrl);

type Call = (n: number) => Promise<unknown>;

/** Milliseconds of each of the calls, sorted, after a warm-up. They take turns, so that all are measured on the same machine. */
async function time<Calls extends Call[]>(...calls: Calls): Promise<{ [I in keyof Calls]: number[] }> {
  const took = calls.map((): number[] => []);
  for (let n = -30; n < ROUNDS; n += 1) {
    for (const [i, call] of calls.entries()) {
      const started = performance.now();
      await call(n + 30);
      if (n >= 0) took[i]?.push(performance.now() - started);
    }
  }
  for (const each of took) each.sort((a, b) => a - b);
  return took as { [I in keyof Calls]: number[] };
}
const at = (took: number[], share: number) => took[Math.floor(took.length * share)] ?? Number.NaN;

async function ask(n: number, path: string, input?: object): Promise<void> {
  const init = input ? { method: 'POST', body: JSON.stringify(input) } : {};
  await load(`${stand.url}${path}`, { ...init, headers: headersFor(stand, n) });
}

/** Not compressed: Miniflare would do it in the Worker's own process, where Cloudflare does it elsewhere. */
async function load(url: string, init: RequestInit & { headers?: Record<string, string> } = {}): Promise<void> {
  const response = await fetch(url, { ...init, headers: { ...init.headers, 'accept-encoding': 'identity' } });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text}`);
}

const [board, bare, direct] = await time(
  (n) => ask(n, '/api/tasks/'),
  () => load(bareWorker.url),
  () => sql`select * from task_task where residence_id = 1`,
);
// Before tasks are added: on a larger board the database takes more of the time, and whoever serves it less.
const served = await timeOrigin(stand);
const [create] = await time((n) => ask(n, '/api/tasks/', { residence_id: 1, title: `Bench ${n}` }));
const drained_s = await drain(stand, EVENTS);
const told = await timeTelemetry(stand);
await bareWorker.stop();
await stand.stop();
const ratio = at(board, 0.5) / at(bare, 0.5);
console.log(`board of ${TASKS} tasks   p50 ${at(board, 0.5).toFixed(1)} ms   p95 ${at(board, 0.95).toFixed(1)} ms`);
console.log(`bare select, Worker  p50 ${at(bare, 0.5).toFixed(1)} ms   p95 ${at(bare, 0.95).toFixed(1)} ms`);
console.log(`bare select, Node    p50 ${at(direct, 0.5).toFixed(1)} ms   p95 ${at(direct, 0.95).toFixed(1)} ms`);
console.log(`ratio                ${ratio.toFixed(2)} (at most ${MAX_RATIO})`);
console.log(`create a task        p50 ${at(create, 0.5).toFixed(1)} ms   p95 ${at(create, 0.95).toFixed(1)} ms`);
console.log(
  `board at the origin  ${served.origin.toFixed(0)}/s, Fastify and pg by hand ${served.fastify.toFixed(0)}/s`,
);
console.log(`throughput           ${served.share.toFixed(2)} of that (at least ${MIN_THROUGHPUT})`);
const telemetry_share = at(told.with, 0.5) / at(told.without, 0.5) - 1;
console.log(
  `telemetry            p50 ${at(told.with, 0.5).toFixed(1)} ms with it, ${at(told.without, 0.5).toFixed(1)} ms without: ${(telemetry_share * 100).toFixed(1)} % (at most ${MAX_TELEMETRY_SHARE * 100} %; ${told.got} calls of its sinks)`,
);
console.log(`drain ${EVENTS} events   ${Math.round(drained_s)} events/s`);
const searches = await timeSearch();
const LIST_ROWS = 1_000_000;
const lists = await timeAdminLists(LIST_ROWS);

const out = mkdtempSync(join(tmpdir(), 'honeydue-worker-'));
const built = spawnSync('wrangler', ['deploy', '--env', '', '--dry-run', '--outdir', out], { encoding: 'utf8' });
if (built.status !== 0) throw new Error(built.stderr);
const size_kib = statSync(join(out, 'index.js')).size / 1024;
rmSync(out, { recursive: true });

console.log(`Worker, minified     ${size_kib.toFixed(1)} KiB (at most ${MAX_KIB})`);
const all = Object.values(searches)
  .flat()
  .sort((a, b) => a - b);
for (const [kind, took] of Object.entries({ ...searches, 'in all': all })) {
  took.sort((a, b) => a - b);
  const times = `p50 ${at(took, 0.5).toFixed(1)} ms   p95 ${at(took, 0.95).toFixed(1)} ms`;
  console.log(`search, ${kind.padEnd(10)}   ${times}`);
}
console.log(`search               at most ${MAX_SEARCH_MS} ms (p95, a million documents of ten thousand homes)`);
const isFast = at(all, 0.95) <= MAX_SEARCH_MS;
const [slowest] = Object.keys(byIndex(LIST_ROWS))
  .map((name) => ({ name, ms: at(lists[name] ?? [], 0.9) }))
  .sort((a, b) => b.ms - a.ms);
for (const [name, took] of Object.entries(lists))
  console.log(`list ${at(took, 0.9).toFixed(1).padStart(8)} ms   ${name}`);
console.log(
  `slowest list         ${slowest?.ms.toFixed(1)} ms, ${slowest?.name} (at most ${MAX_LIST_MS}, of a million rows)`,
);
const areListed = (slowest?.ms ?? Number.NaN) <= MAX_LIST_MS;
const isCheap = telemetry_share <= MAX_TELEMETRY_SHARE && told.got > 0;
process.exit(
  isCheap && served.share >= MIN_THROUGHPUT && ratio <= MAX_RATIO && size_kib <= MAX_KIB && isFast && areListed ? 0 : 1,
);
