import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** What a process holds in memory, in MiB. */
export function rssMib(pid: number): number {
  const kib = process.platform === 'linux' ? fromProc(pid) : execFileSync('ps', ['-o', 'rss=', '-p', `${pid}`]);
  return Number(kib) / 1024;
}

const fromProc = (pid: number) => /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
