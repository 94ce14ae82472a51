import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { FILE_BYTES_MAX } from '../../domain/file.ts';
import { FaultCode, FileFault } from '../../domain/file-fault.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Of one child process. */
export type Bounds = {
  /** By the clock: then it is killed. */
  wall_ms: number;
  /** Of the processor: the system ends it then, even if nobody is left who would. */
  cpu_s: number;
  /** What it may write to, its own half a gigabyte included. */
  memory_mib: number;
};

/** The file itself, with the smaller pictures. */
const ANSWER_BYTES_MAX = FILE_BYTES_MAX + 8 * 1024 ** 2;

export type Answer = { parts: z.infer<typeof Part>[]; bytes: Uint8Array };
type Source = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
type Run = { script: string; args?: string[]; bounds: Bounds };

/**
 * Gives a file to a child process and takes what it makes of it. It has no environment and may read this folder alone;
 * if the file is more than it can bear, only it ends.
 */
export async function run(file: Source, { script, args = [], bounds }: Run): Promise<Answer> {
  const child = start(script, args, bounds);
  const ended = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    child.kill('SIGKILL');
  }, bounds.wall_ms);
  try {
    const [sent, said, complaint, end] = await Promise.all([
      given(child, file),
      bytesOf(child),
      textOf(child.stderr),
      ended,
    ]);
    if (sent.error) throw sent.error;
    if (isLate) throw new FileFault('too_slow', `It takes more than ${bounds.wall_ms} ms.`);
    if (end[0] !== 0) throw deathOf(end, complaint);
    return answerIn(said);
  } finally {
    clearTimeout(timer);
    child.kill('SIGKILL');
  }
}

/** A shell sets the bounds, which hold for what it becomes. */
function start(script: string, args: string[], { cpu_s, memory_mib }: Bounds) {
  const flags = ['--permission', '--allow-addons', `--allow-fs-read=${ROOT}`, '--disable-warning=PERM0001'];
  const bounded = `ulimit -d ${memory_mib * 1024}; ulimit -S -t ${cpu_s}; ulimit -c 0; exec "$0" "$@"`;
  return spawn('/bin/sh', ['-c', bounded, process.execPath, ...flags, script, ...args], {
    env: {},
    cwd: ROOT,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

type Child = ReturnType<typeof start>;

/** That the child stops listening is its own affair; that the file breaks off is not. */
async function given(child: Child, file: Source): Promise<{ error: unknown }> {
  try {
    await pipeline(copied(file), child.stdin);
    return { error: null };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'EPIPE' || code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'ECONNRESET') return { error: null };
    child.kill('SIGKILL');
    return { error };
  }
}

/** A chunk's buffer is filled again while the pipe still has it. */
async function* copied(file: Source): AsyncGenerator<Uint8Array> {
  for await (const chunk of file) yield chunk.slice();
}

async function bytesOf(child: Child): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of child.stdout) {
    size += chunk.length;
    if (size > ANSWER_BYTES_MAX) child.kill('SIGKILL');
    else chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The beginning: an error says what it is first. */
async function textOf(stream: Child['stderr']): Promise<string> {
  let text = '';
  for await (const chunk of stream) if (text.length < 2000) text += chunk;
  return text.slice(0, 2000);
}

/** A signal that nobody sends to all of us came from what it did: it ran out of memory or of time, or was led astray. */
function deathOf([code, signal]: [number | null, ChildProcess['signalCode']], complaint: string): Error {
  if (signal === 'SIGXCPU') return new FileFault('too_slow', 'It takes more time than a file may.');
  const isOurs = signal === null || signal === 'SIGINT' || signal === 'SIGTERM' || signal === 'SIGHUP';
  if (!isOurs) return new FileFault('file_too_complex', `${signal}: ${complaint.trim().split('\n')[0]}`);
  return new Error(`A child process ended with ${signal ?? code}: ${complaint}`);
}

const Part = z.object({
  name: z.string(),
  length: z.int().min(0),
  width: z.int().positive().optional(),
  height: z.int().positive().optional(),
});
const Line = z.union([z.object({ parts: z.array(Part) }), z.object({ fault: FaultCode, why: z.string() })]);

function answerIn(said: Buffer): Answer {
  const end = said.indexOf('\n');
  const line = Line.parse(JSON.parse(said.subarray(0, end).toString()));
  if ('fault' in line) throw new FileFault(line.fault, line.why);
  return { parts: line.parts, bytes: said.subarray(end + 1) };
}
