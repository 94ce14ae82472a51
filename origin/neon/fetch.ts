import { answer } from './answer.ts';
import { newClient } from './client.ts';
import type { Output } from './exchange.ts';
import { createPools, type PoolLimits, type Pools } from './pools.ts';
import { errorResponse, Refusal } from './refusal.ts';
import { parseRequest, type Work } from './request.ts';
import { type RunLimits, run } from './run.ts';

const MIB = 1024 * 1024;

export const MAX_REQUEST_BYTES = 10 * MIB;

const DEFAULTS: Limits = {
  maxConnections: 10,
  maxPools: 20,
  connectTimeoutMs: 5000,
  acquireTimeoutMs: 5000,
  idleTimeoutMs: 300_000,
  requestTimeoutMs: 30_000,
  maxRequestBytes: MAX_REQUEST_BYTES,
  maxResponseBytes: 10 * MIB,
  onConnectionError: () => {},
};

type Limits = PoolLimits & RunLimits & { maxRequestBytes: number };

export type NeonOptions = Partial<Limits>;

type RequestInit = {
  method?: string;
  body: string;
  headers: Record<string, string> | Headers;
  signal?: AbortSignal;
};

export type Neon = {
  /** What `neonConfig.fetchFunction` wants: answers the driver's request in process, no HTTP. Honours `init.signal`. */
  fetch(url: string | URL, init: RequestInit): Promise<Response>;
  /** What `drizzle-orm/neon-http` wants as its client: the same without the driver. `signal` is asked for each request. */
  client(connectionString: string, signal?: () => AbortSignal): ReturnType<typeof newClient>;
  /**
   * Opens connections in parallel and pings each, so that no request pays for a handshake, and keeps them open.
   * Resolves with the number opened and the milliseconds taken; rejects if none could be opened.
   */
  warm(connectionString: string, connections: number): Promise<{ opened: number; ms: number }>;
  /** Refuses new requests, lets those under way finish, and ends all connections. */
  close(): Promise<void>;
};

/** Neon's SQL over HTTP on PostgreSQL connections of our own: driver, Drizzle and `db.batch()` do not notice. */
export function createNeon(options: NeonOptions = {}): Neon {
  const limits: Limits = { ...DEFAULTS, ...options };
  const pools = createPools(limits);
  return {
    async fetch(_url, { method = 'POST', body, headers, signal }) {
      signal?.throwIfAborted();
      return await unlessAborted(respond(pools, limits, { method, body, headers, ...(signal && { signal }) }), signal);
    },
    client: (connectionString, signalNow) =>
      newClient((work) => {
        const signal = signalNow?.();
        signal?.throwIfAborted();
        return unlessAborted(runIn(pools, limits, { connectionString, ...work }, signal), signal);
      }),
    warm: (connectionString, connections) => warm(pools, limits, connectionString, connections),
    close: pools.close,
  };
}

async function respond(
  pools: Pools,
  limits: Limits,
  { method, body, headers, signal }: RequestInit,
): Promise<Response> {
  if (method !== 'POST') return notSupported();
  try {
    const request = parseRequest(new Headers(headers), body, limits.maxRequestBytes);
    return answer(request, await runIn(pools, limits, request, signal), limits.maxResponseBytes);
  } catch (error) {
    return errorResponse(error);
  }
}

async function runIn(
  pools: Pools,
  limits: Limits,
  asked: Work & { connectionString: string },
  signal?: AbortSignal,
): Promise<Output[]> {
  const client = await pools.acquire(asked.connectionString);
  if (signal?.aborted) {
    client.release();
    throw new Refusal(400, 'Query cancelled, connection was terminated', { code: '08P01' });
  }
  return await run(client, asked, limits, signal);
}

/** The hosted service's answer to anything but `POST /sql`. */
export const notSupported = (): Response => Response.json('query is not supported', { status: 400 });

/** Like `fetch`, rejects at once on an abort; the work behind it stops on its own. */
function unlessAborted<T>(response: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return response;
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort);
    response.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

async function warm(pools: Pools, { maxConnections }: Limits, connectionString: string, connections: number) {
  const started = performance.now();
  const count = Math.min(connections, maxConnections);
  pools.keepOpen(connectionString, count);
  const acquired = await Promise.allSettled(Array.from({ length: count }, () => pools.acquire(connectionString)));
  const pinged = await Promise.allSettled(
    acquired.map(async (connection) => {
      if (connection.status === 'rejected') throw connection.reason;
      const client = connection.value;
      await client.query('select 1').then(
        () => client.release(),
        (error) => {
          client.release(true);
          throw error;
        },
      );
    }),
  );
  const failed = pinged.filter((ping) => ping.status === 'rejected');
  if (failed.length === count && failed[0]) throw failed[0].reason;
  return { opened: count - failed.length, ms: performance.now() - started };
}
