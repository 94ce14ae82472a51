import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { libpqEnvironment } from './libpq.ts';

/** Whoever restores owns what is restored, and may not comment on extensions that are the platform's. */
const FLAGS = ['--exit-on-error', '--no-owner', '--no-comments', '--no-password'];

/** Fills an empty database with a dump, or says why not. */
export async function pgRestore(url: string, dump: ReadableStream<Uint8Array>): Promise<void> {
  const environment = libpqEnvironment(url);
  const child = spawn('pg_restore', [...FLAGS, `--dbname=${environment.PGDATABASE}`], {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  const complaint = text(child.stderr);
  const ended = once(child, 'close');
  // If it ends early, what it says is worth more than the pipe that broke.
  const given = pipeline(dump, child.stdin).then(
    () => null,
    (error: unknown) => error,
  );
  const [code, signal] = await ended;
  if (code !== 0) throw new Error(`pg_restore ended with ${code ?? signal}: ${(await complaint).slice(0, 2000)}`);
  const fault = await given;
  if (fault) throw fault;
}
