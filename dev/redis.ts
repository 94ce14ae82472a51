import { spawn, spawnSync } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { connect } from 'node:net';
import { endGroup, endWithUs } from './guarded.ts';

const START_DEADLINE_MS = 10_000;

export type LocalRedis = { address: string; pid: number; exited: Promise<void>; stop(): Promise<void> };

/** Whether this machine has one. Debian's package is redis-server. */
export const hasRedis = (): boolean => spawnSync('redis-server', ['--version']).status === 0;

/** A cache of the size and manners of the one in production: in memory alone, and forgetting what was used least. */
export async function startRedis(
  port: number,
  log: string,
  settings: Record<string, string> = {},
): Promise<LocalRedis> {
  const all = { bind: '127.0.0.1', save: '', maxmemory: '64mb', 'maxmemory-policy': 'allkeys-lru', ...settings };
  const flags = Object.entries(all).flatMap(([name, value]) => [`--${name}`, ...value.split(' ')]);
  const output = createWriteStream(log, { flags: 'a' });
  const child = spawn('redis-server', ['--port', String(port), ...flags], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.pipe(output, { end: false });
  child.stderr.pipe(output, { end: false });
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('redis-server is not to be had.');
  const callOff = endWithUs(-pid);
  const stop = async () => {
    await endGroup(child);
    callOff();
    output.end();
  };
  await listening(port, () => child.exitCode !== null).catch(async (error) => {
    await stop();
    throw error;
  });
  return { address: `redis://127.0.0.1:${port}`, pid, exited, stop };
}

async function listening(port: number, hasEnded: () => boolean): Promise<void> {
  const deadline = Date.now() + START_DEADLINE_MS;
  while (!(await accepts(port))) {
    if (hasEnded()) throw new Error('redis-server ended before it listened.');
    if (Date.now() > deadline) throw new Error(`redis-server does not listen on ${port}.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
