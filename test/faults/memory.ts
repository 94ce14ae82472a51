import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';

/** What a process holds in memory, in MiB. */
export function rssMib(pid: number): number {
  const kib = process.platform === 'linux' ? fromProc(pid) : execFileSync('ps', ['-o', 'rss=', '-p', `${pid}`]);
  return Number(kib) / 1024;
}

const fromProc = (pid: number) => /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];

/** The most that a process held, in MiB, while something was done. */
export async function mostWhile(work: Promise<unknown>, pid: number): Promise<number> {
  let most = 0;
  let isDone = false;
  const watching = async () => {
    while (!isDone) {
      most = Math.max(most, rssMib(pid));
      await setImmediate();
    }
  };
  const watched = watching();
  await work.finally(() => {
    isDone = true;
  });
  await watched;
  return most;
}
