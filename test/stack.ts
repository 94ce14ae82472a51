import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { vi } from 'vitest';

const SOON = { timeout: 90_000, interval: 100 };
const START = [process.execPath, 'dev/start.ts'] as const;

export type Parts = Record<string, string | null>;

/** The local stack with its data in a folder of its own, as its users start it: in a terminal, at the head of a group. */
export function startStack(
  folder: string,
  [command, ...args]: readonly [string, ...string[]] = START,
  more: Record<string, string> = {},
) {
  const child: ChildProcess = spawn(command, args, {
    env: { ...process.env, HONEYDUE_LOCAL: folder, ...more },
    detached: true,
  });
  let printed = '';
  for (const output of [child.stdout, child.stderr]) output?.on('data', (chunk) => (printed += chunk));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  const stackFile = join(folder, 'stack.json');

  return {
    pid: child.pid ?? 0,
    printed: () => printed,
    /** The exit code. */
    ended,
    /** What it wrote down when it was ready. */
    async ready(): Promise<Parts> {
      await vi.waitUntil(() => printed.includes('Ready in') || hasEnded(), SOON);
      if (!existsSync(stackFile)) throw new Error(`It did not start: ${printed}`);
      return JSON.parse(readFileSync(stackFile, 'utf8'));
    },
    /** Ctrl-C, which a terminal sends to the whole group. */
    async interrupt(): Promise<number | null> {
      if (!hasEnded()) process.kill(-this.pid, 'SIGINT');
      return await ended;
    },
  };
}

export function isListening(address: string): Promise<boolean> {
  const { hostname, port } = new URL(address);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    socket.once('error', () => resolve(false));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}
