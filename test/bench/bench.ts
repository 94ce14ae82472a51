import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { neon, neonConfig } from '@neondatabase/serverless';
import { startBare } from './bare.ts';
import { drain } from './drain.ts';
import { headersFor, makeStand } from './stand.ts';

const TASKS = 200;
const ROUNDS = 300;
const MAX_RATIO = 3;
const EVENTS = 10_000;
const MAX_KIB = 768;

const stand = await makeStand(20, TASKS);
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
const [create] = await time((n) => ask(n, '/api/tasks/', { residence_id: 1, title: `Bench ${n}` }));
const drained_s = await drain(stand, EVENTS);
await bareWorker.stop();
await stand.stop();

const out = mkdtempSync(join(tmpdir(), 'honeydue-worker-'));
const built = spawnSync('wrangler', ['deploy', '--env', '', '--dry-run', '--outdir', out], { encoding: 'utf8' });
if (built.status !== 0) throw new Error(built.stderr);
const size_kib = statSync(join(out, 'index.js')).size / 1024;
rmSync(out, { recursive: true });

const ratio = at(board, 0.5) / at(bare, 0.5);
console.log(`board of ${TASKS} tasks   p50 ${at(board, 0.5).toFixed(1)} ms   p95 ${at(board, 0.95).toFixed(1)} ms`);
console.log(`bare select, Worker  p50 ${at(bare, 0.5).toFixed(1)} ms   p95 ${at(bare, 0.95).toFixed(1)} ms`);
console.log(`bare select, Node    p50 ${at(direct, 0.5).toFixed(1)} ms   p95 ${at(direct, 0.95).toFixed(1)} ms`);
console.log(`ratio                ${ratio.toFixed(2)} (at most ${MAX_RATIO})`);
console.log(`create a task        p50 ${at(create, 0.5).toFixed(1)} ms   p95 ${at(create, 0.95).toFixed(1)} ms`);
console.log(`drain ${EVENTS} events   ${Math.round(drained_s)} events/s`);
console.log(`Worker, minified     ${size_kib.toFixed(1)} KiB (at most ${MAX_KIB})`);
process.exit(ratio <= MAX_RATIO && size_kib <= MAX_KIB ? 0 : 1);
