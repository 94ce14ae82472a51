import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import autocannon, { type Request } from 'autocannon';
import { localVars } from '../../dev/edge.ts';
import { nodeFlags } from '../k3s/group.ts';
import { headersFor, type Stand } from './stand.ts';

const CONNECTIONS = 16;
/** Until V8 has compiled what is used often: both are measured as they are after an hour. */
const WARM_ROUNDS = 10;
const ROUNDS = 15;
const ROUND_S = 2;
const POOL_MAX = '10';

export type Throughput = { origin: number; fastify: number; share: number };

/**
 * Boards a second that the origin and a hand-written Fastify server read from the same database, in turns: medians, and
 * the median of what the one does of the other's in the same turn, since the machine is not always as fast. Node runs both
 * as it runs in a pod.
 */
export async function timeOrigin(stand: Stand): Promise<Throughput> {
  const servers = {
    origin: await start('origin-process.ts', stand),
    fastify: await start('fastify-process.ts', stand),
  };
  await expectSame(stand, servers.origin.url, servers.fastify.url);
  const seen: Record<keyof typeof servers, number[]> = { origin: [], fastify: [] };
  for (let round = -WARM_ROUNDS; round < ROUNDS; round += 1) {
    for (const name of ['origin', 'fastify'] as const) {
      const rate = await fire(stand, servers[name].url);
      if (round >= 0) seen[name].push(rate);
    }
  }
  await Promise.all(Object.values(servers).map(({ stop }) => stop()));
  const shares = seen.origin.map((rate, round) => rate / (seen.fastify[round] ?? Number.NaN));
  return { origin: median(seen.origin), fastify: median(seen.fastify), share: median(shares) };
}

async function start(script: string, { databaseUrl }: Stand) {
  const env = { ...process.env, ...localVars(), DATABASE_URL: databaseUrl, POOL_MAX, POOL_WARM: POOL_MAX };
  const path = fileURLToPath(new URL(script, import.meta.url));
  const child = fork(path, { execArgv: nodeFlags('api'), env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const exited = once(child, 'exit');
  const [url] = (await Promise.race([once(child, 'message'), exited.then(() => ended(script))])) as [string];
  const stop = async () => {
    child.disconnect();
    await exited;
  };
  return { url, stop };
}

function ended(script: string): never {
  throw new Error(`${script} has ended before it listened.`);
}

/** Or one of them would do less for an answer. */
async function expectSame(stand: Stand, ...urls: string[]): Promise<void> {
  const texts = urls.map(async (url) => {
    const answer = await fetch(`${url}/api/tasks/`, { headers: headersFor(stand, 0) });
    return `${answer.status} ${answer.headers.get('etag')} ${await answer.text()}`;
  });
  const [first, ...others] = await Promise.all(texts);
  if (!first?.startsWith('200 ') || others.some((other) => other !== first))
    throw new Error('They answer differently.');
}

async function fire(stand: Stand, url: string): Promise<number> {
  let n = 0;
  const next = (request: Request): Request => {
    n += 1;
    return { ...request, method: 'GET', path: '/api/tasks/', headers: headersFor(stand, n) };
  };
  const options = { url, connections: CONNECTIONS, duration: ROUND_S, requests: [{ setupRequest: next }] };
  const { errors, non2xx, requests } = await autocannon(options);
  if (errors + non2xx > 0) throw new Error(`${url}: ${non2xx} not 2xx, ${errors} errors`);
  return requests.average;
}

const median = (numbers: number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
