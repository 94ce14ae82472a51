// What `npm run drill -- --only image` does: makes the image's content by the steps of its Dockerfile, without an engine,
// and runs it as the group would: unprivileged, from files that nobody may write to, with the group's own settings.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import getPort from 'get-port';
import * as z from 'zod';
import { buildImage, sizesOf } from '../../dev/image.ts';
import { ofKind, pod } from '../k3s/group.ts';
import { type Finding, finding } from './finding.ts';

const USER = '10001';
const PATIENCE_MS = 60_000;
const LARGEST = 8;
const IMAGE_MIB_MAX = 400;
/** Made up; what is asked over the network is not there. */
const SECRETS = {
  DATABASE_URL: 'postgresql://honeydue_app:app@127.0.0.1:1/honeydue',
  SIGNING_KEYS: 'a key for a drill and for nothing else',
  // It is asked here as on a developer's machine.
  CALLERS: 'anyone',
  SES_ACCESS_KEY_ID: 'drill',
  SES_SECRET_ACCESS_KEY: 'drill',
  REDIS_REST_TOKEN: 'drill',
  B2_ACCESS_KEY_ID: 'drill',
  B2_SECRET_ACCESS_KEY: 'drill',
};

const out = mkdtempSync(join(tmpdir(), 'honeydue-image-'));
const findings: Finding[] = [];
try {
  const root = buildImage('backup', out);
  chmodSync(out, 0o755);
  const app = join(root, 'app');
  findings.push(...contentOf(app));
  writeProtect(root);
  findings.push(...(await serving(app)), ...(await working(app)), ...(await backingUp(app)), ...(await loading(app)));
} finally {
  rmSync(out, { recursive: true, force: true });
}
for (const { check, isGood, figure } of findings) console.log(`${isGood ? 'ok    ' : 'FAILED'}  ${check}: ${figure}`);
process.exit(findings.every(({ isGood }) => isGood) ? 0 : 1);

function contentOf(app: string): Finding[] {
  const sizes = [...sizesOf(app), ...sizesOf(join(app, 'node_modules'))].sort(([, a], [, b]) => b - a);
  const large = sizes.slice(0, LARGEST).map(([name, mebibytes]) => `${name} ${mebibytes.toFixed(0)}`);
  const all = [...sizesOf(app).values()].reduce((sum, one) => sum + one, 0);
  const files = readdirSync(app, { recursive: true, encoding: 'utf8' }).filter(
    (path) => !path.startsWith('node_modules'),
  );
  const odd = files.filter((path) => /\.test\.ts$|(^|\/)(\.env|\.git|\.npmrc|dev|test)(\/|$)/.test(path));
  return [
    finding('the image on top of its base, MiB', all < IMAGE_MIB_MAX, `${all.toFixed(0)} (${large.join(', ')})`),
    finding('nothing in it that is not run', odd.length === 0, odd.slice(0, LARGEST).join(' ') || 'none'),
  ];
}

/** As the kernel's read-only mount would: for root, too, there is then nobody to write. */
function writeProtect(path: string): void {
  const stat = lstatSync(path);
  if (stat.isSymbolicLink()) return;
  if (stat.isDirectory()) for (const name of readdirSync(path)) writeProtect(join(path, name));
  chmodSync(path, stat.isDirectory() || stat.mode & 0o100 ? 0o555 : 0o444);
}

/** One of the group's containers, by its command and with its settings. */
function start(app: string, name: string, more: Record<string, string>) {
  const [container] = pod(name).pod.containers;
  const [map] = ofKind('ConfigMap').filter(({ metadata }) =>
    container?.envFrom.some(({ configMapRef }) => configMapRef.name === metadata.name),
  );
  const open = z.record(z.string(), z.string()).parse(map?.data ?? {});
  const set = Object.fromEntries(
    (container?.env ?? []).flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])),
  );
  const [, ...args] = container?.command ?? [];
  return run(app, args, { ...open, ...set, ...more });
}

function run(app: string, args: string[], env: Record<string, string>) {
  const drop = ['--reuid', USER, '--regid', USER, '--clear-groups', '--no-new-privs', '--bounding-set', '-all'];
  const unprivileged = process.getuid?.() === 0 ? ['setpriv', ...drop] : [];
  const [program = '', ...rest] = [...unprivileged, process.execPath, ...args];
  return spawn(program, rest, { cwd: app, env: { PATH: process.env.PATH, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
}

async function serving(app: string): Promise<Finding[]> {
  const port = String(await getPort());
  const began = performance.now();
  const child = start(app, 'api', { ...SECRETS, PORT: port, HOST: '127.0.0.1' });
  const said = Promise.all([text(child.stdout), text(child.stderr)]);
  const health = await statusOf(`http://127.0.0.1:${port}/api/health/`, child);
  const ms = Math.round(performance.now() - began);
  const ready = await statusOf(`http://127.0.0.1:${port}/api/health/ready/`, child);
  const docs = await statusOf(`http://127.0.0.1:${port}/api/docs/`, child);
  const status = child.exitCode === null ? readFileSync(`/proc/${child.pid}/status`, 'utf8') : '';
  const uid = /^Uid:\s+(\d+)/m.exec(status)?.[1];
  const resident = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1024;
  const end = await ended(child);
  return [
    finding('the API answers /api/health/', health === 200, `${health}, after ${ms} ms, ${resident.toFixed(0)} MiB`),
    finding('as the unprivileged user', uid === USER || process.getuid?.() !== 0, `uid ${uid}`),
    finding('and is not ready without a database', ready === 503, `${ready}`),
    finding('and has its pages', docs === 200, `${docs}`),
    finding(
      'and ends when it is told to',
      end === '0',
      end === '0' ? '0' : `${end} ${(await said).join('').slice(-2000)}`,
    ),
  ];
}

async function working(app: string): Promise<Finding[]> {
  const port = String(await getPort());
  const child = start(app, 'long-jobs', { ...SECRETS, PORT: port, HOST: '127.0.0.1', DRAIN_S: '1' });
  const said = text(child.stderr);
  child.stdout.resume();
  const health = await statusOf(`http://127.0.0.1:${port}/health`, child);
  const end = await ended(child);
  return [
    finding('the worker answers /health', health === 200, `${health} ${health === 200 ? '' : await said}`),
    finding('and ends when it is told to', end === '0', end),
  ];
}

async function backingUp(app: string): Promise<Finding[]> {
  const child = start(app, 'backup', {});
  child.stdout.resume();
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  const isNamed = said.includes('BACKUP_DATABASE_URL') && said.includes('BACKUP_RECIPIENT');
  return [finding('the backup says what it lacks', code === 1 && isNamed, isNamed ? 'its settings' : said.slice(-500))];
}

/** What is not JavaScript was installed for another kind of machine, or it loads. */
async function loading(app: string): Promise<Finding[]> {
  const NATIVE = ['sharp', '@myriaddreamin/typst-ts-node-compiler'];
  const script = NATIVE.map((name) => `await import('${name}')`).join(';');
  const child = run(app, ['--input-type=module', '--eval', script], {});
  child.stdout.resume();
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  return [finding('what is native loads', code === 0, code === 0 ? NATIVE.join(', ') : said.slice(-500))];
}

async function statusOf(url: string, child: { exitCode: number | null }): Promise<number> {
  for (
    const until = performance.now() + PATIENCE_MS;
    performance.now() < until && child.exitCode === null;
    await pause(50)
  ) {
    const answer = await fetch(url).catch((error: unknown) => {
      if (error instanceof TypeError) return null;
      throw error;
    });
    if (answer) {
      await answer.arrayBuffer();
      return answer.status;
    }
  }
  return 0;
}

async function ended(child: ReturnType<typeof run>): Promise<string> {
  if (child.exitCode !== null) return `${child.exitCode}, by itself`;
  child.kill('SIGTERM');
  const [code, signal] = await once(child, 'exit');
  return `${code ?? signal}`;
}
