import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { libpqEnvironment } from './libpq.ts';

/** The whole database as pg_dump's custom format. Breaks off, rather than end, if pg_dump does not come to its end. */
export async function* dump(url: string): AsyncGenerator<Uint8Array> {
  const child = spawn('pg_dump', ['--format=custom', '--compress=zstd:6', '--no-password'], {
    env: { PATH: process.env.PATH, ...libpqEnvironment(url) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const complaint = text(child.stderr);
  const ended = once(child, 'close');
  try {
    yield* child.stdout;
    const [code, signal] = await ended;
    if (code !== 0) throw new Error(`pg_dump ended with ${code ?? signal}: ${(await complaint).slice(0, 2000)}`);
  } finally {
    child.kill();
  }
}
