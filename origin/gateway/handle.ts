import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Access, tokenOf } from './access.ts';
import { answer } from './answer.ts';
import { readBody } from './body.ts';
import { deadlineOf } from './deadline.ts';
import { Failure } from './failure.ts';
import type { Pool } from './pool.ts';
import type { Runner } from './run.ts';
import { type Streams, topicIn } from './stream.ts';

const METHODS = ['HEAD', 'GET', 'POST', 'PUT'];
const PING = { name: 'PING', args: [] };

export type Parts = {
  pool: Pool;
  streams: Streams;
  deadline_ms: number;
  accessOf(token: string): Access | undefined;
  isDraining(): boolean;
};

/** Answers the JSON to send; nothing if the answer is a stream. */
export async function handle(parts: Parts, request: IncomingMessage, response: ServerResponse) {
  const url = request.url ?? '';
  if (!url.startsWith('/')) throw new Failure(400, 'ERR the path begins with a slash');
  const [path = '', ...rest] = url.split('?');
  const query = rest.join('?');
  if (!METHODS.includes(request.method ?? '')) throw new Failure(405, 'ERR use HEAD, GET, POST or PUT');
  const body = await readBody(request);
  if (path === '/health') return await withRunner(parts, response, (runner) => health(runner, parts.isDraining()));

  const access = parts.accessOf(tokenOf(request.headers.authorization, query));
  if (!access) throw new Failure(401, 'Unauthorized');
  const topic = topicIn(path);
  if (topic) return await parts.streams.start(response, topic);
  const base64 = request.headers['upstash-encoding'] === 'base64';
  return await withRunner(parts, response, (runner) => answer(runner, { path, query, body, access, base64 }));
}

async function withRunner<T>(
  { pool, deadline_ms }: Parts,
  response: ServerResponse,
  work: (runner: Runner) => Promise<T>,
) {
  const { signal, end } = deadlineOf(response, deadline_ms);
  const runner: Runner = {
    use: async (task) => await pool.use(signal, task),
    patience_ms: Math.round(deadline_ms / 2),
  };
  return await work(runner).finally(end);
}

/** Whether this process takes requests, and how Redis is; that it is away is no reason to restart or avoid the gateway. */
async function health({ use }: Runner, isDraining: boolean): Promise<string> {
  if (isDraining) throw new Failure(503, 'UNAVAILABLE the gateway is stopping');
  const began = performance.now();
  const [pong] = await use((connection) => connection.send([PING])).catch((error) => [error]);
  const latency_ms = Math.round(performance.now() - began);
  return JSON.stringify({ status: pong instanceof Error ? 'degraded' : 'ok', latency_ms });
}
