// npm run logs [-- --env staging|production] [--request ID] [--trace ID] [--route /api/tasks] [--status 5xx] [--json]: what
// the edge and the group say, as they say it. Without --env: what the stack on this machine does (npm start).
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, watchFile } from 'node:fs';
import { open } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { kubectl } from './kubectl.ts';
import { type Entry, entriesOf, entryOf, isWanted, pretty } from './log-lines.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const LOCAL = join(resolve(ROOT, process.env.HONEYDUE_LOCAL ?? '.local'), 'logs');
const LOOK_MS = 300;
const { values } = parseArgs({
  options: {
    env: { type: 'string', default: 'local' },
    request: { type: 'string' },
    trace: { type: 'string' },
    route: { type: 'string' },
    status: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const { env, json, ...wanted } = values;

const show = (entry: Entry | null): void => {
  if (!entry || !isWanted(entry, wanted)) return;
  console.log(json ? JSON.stringify({ from: entry.from, ...entry.line }) : pretty(entry));
};
const missing = (what: string) => console.error(`Not shown: ${what}`);

if (env === 'local') await followFiles();
else follow();

/** What the edge says comes from Cloudflare, what the group says from Kubernetes: each may be missing by itself. */
function follow(): void {
  const [edge, group] = [followEdge(), followGroup()];
  if (!edge && !group) process.exit(1);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      edge?.kill();
      group?.kill();
    });
  }
}

function followEdge(): ChildProcess | null {
  const logins = [join(homedir(), '.config/.wrangler'), join(homedir(), '.wrangler')];
  if (!process.env.CLOUDFLARE_API_TOKEN && !logins.some((path) => existsSync(join(path, 'config/default.toml')))) {
    missing('the edge. Sign in with `wrangler login`, or give CLOUDFLARE_API_TOKEN.');
    return null;
  }
  const tail = spawn('wrangler', ['tail', '--env', env, '--format', 'json'], { stdio: ['ignore', 'pipe', 'inherit'] });
  tail.once('exit', (code) => missing(`the edge any longer: \`wrangler tail --env ${env}\` ended with ${code}.`));
  // Each event is written over several lines, of which only the last is a bare brace.
  let event = '';
  createInterface(tail.stdout).on('line', (line) => {
    event += line;
    if (line !== '}') return;
    for (const entry of entriesOf('edge', JSON.parse(event))) show(entry);
    event = '';
  });
  return tail;
}

function followGroup(): ChildProcess | null {
  const context = spawnSync(kubectl(), ['config', 'current-context'], { encoding: 'utf8' });
  if (context.status !== 0) {
    missing('the group. kubectl knows no cluster: give KUBECONFIG, or `kubectl config use-context`.');
    return null;
  }
  const flags = ['-n', 'honeydue', '-l', 'app.kubernetes.io/part-of=honeydue', '--prefix', '--since=1s'];
  const args = ['logs', '-f', ...flags, '--max-log-requests=50', '--container=app'];
  const logs = spawn(kubectl(), args, { stdio: ['ignore', 'pipe', 'inherit'] });
  logs.once('exit', (code) =>
    missing(`the group any longer: \`kubectl logs\` of ${context.stdout.trim()} ended with ${code}.`),
  );
  createInterface(logs.stdout).on('line', (line) => {
    const [, pod = 'group', text = line] = /^\[pod\/([^/]+)\/[^\]]+\] (.*)$/.exec(line) ?? [];
    show(entryOf(pod, text));
  });
  return logs;
}

/** From where each log ends now. */
async function followFiles(): Promise<void> {
  const names = existsSync(LOCAL) ? readdirSync(LOCAL).filter((name) => name.endsWith('.log')) : [];
  if (names.length === 0) {
    missing(`anything of this machine: there is nothing in ${LOCAL}. Start the stack with \`npm start\`.`);
    process.exit(1);
  }
  for (const name of names) await followFile(join(LOCAL, name), name.replace('.log', ''));
}

async function followFile(path: string, from: string): Promise<void> {
  const file = await open(path);
  let { size: read } = await file.stat();
  let rest = '';
  watchFile(path, { interval: LOOK_MS }, async ({ size }) => {
    if (size < read) read = 0;
    const buffer = Buffer.alloc(size - read);
    read += (await file.read(buffer, 0, buffer.length, read)).bytesRead;
    const lines = (rest + buffer).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) show(entryOf(from, line));
  });
}
