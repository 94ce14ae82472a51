import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Ends a process when this one is gone, however it went: `kill -9` leaves no handler a chance. A shell waits for its
 * input to close, which the system does. Answers how to call it off. A negative number is a process group.
 */
export function endWithUs(target: number): () => void {
  const script = `read -r _ || kill -INT ${target}`; // dash knows no `--`
  const guard = spawn('/bin/sh', ['-c', script], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  guard.on('error', () => {}); // no shell, no guard
  guard.stdin?.on('error', () => {});
  guard.unref();
  return () => void guard.stdin?.end('\n');
}

/** Ends a child that leads a process group, and the group with it. */
export async function endGroup(child: ChildProcess, patience_ms = 5000): Promise<void> {
  const { pid } = child;
  if (pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((resolve) => child.once('exit', resolve));
  signal(-pid, 'SIGTERM');
  const impatience = setTimeout(() => signal(-pid, 'SIGKILL'), patience_ms);
  await exited;
  clearTimeout(impatience);
}

export function signal(target: number, name: NodeJS.Signals): void {
  try {
    process.kill(target, name);
  } catch {
    // gone already
  }
}
