import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { endGroup, endWithUs } from './guarded.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

export type Child = { exited: Promise<void>; stop(): Promise<void> };

/** Runs Node with its output in a file, in a process group of its own: the stack ends its parts in order. */
export function startNode(args: string[], log: string, env: Record<string, string> = {}): Child {
  const output = createWriteStream(log);
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { ...process.env, ...env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.pipe(output, { end: false });
  child.stderr.pipe(output, { end: false });
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const callOff = child.pid === undefined ? () => {} : endWithUs(-child.pid);
  return {
    exited,
    async stop() {
      await endGroup(child);
      callOff();
      output.end();
    },
  };
}
