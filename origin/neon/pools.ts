import { DatabaseError, Pool, type PoolClient } from 'pg';
import { connectionConfig } from './connection-string.ts';
import { cannotConnect, Refusal, tooBusy } from './refusal.ts';

/** How many requests may wait for a connection of one pool. */
const MAX_WAITING = 1000;
/** How many connection strings are remembered as read; past it they are read again. */
const MAX_SPELLINGS = 1000;
const KEEP_ALIVE_DELAY_MS = 10_000;

export type PoolLimits = {
  /** Connections of one connection string. */
  maxConnections: number;
  /** Connection strings with connections at the same time. */
  maxPools: number;
  connectTimeoutMs: number;
  /** How long a request may wait for its turn; at most as long as for a new connection. */
  acquireTimeoutMs: number;
  idleTimeoutMs: number;
  /** Hears of connections that died while nobody was waiting for them. */
  onConnectionError(error: Error): void;
};

export type Pools = {
  acquire(connectionString: string): Promise<PoolClient>;
  /** From now on keeps that many connections open, however long nobody needs them. */
  keepOpen(connectionString: string, connections: number): void;
  close(): Promise<void>;
};

/** PostgreSQL connections by connection string; the pool that has not been asked for longest makes room for a new one. */
export function createPools(limits: PoolLimits): Pools {
  const pools = new Map<string, Pool>();
  const keys = new Map<string, string>();
  const ending = new Set<Promise<void>>();
  let isClosed = false;

  const poolFor = (connectionString: string): Pool => {
    if (isClosed) throw new Refusal(503, 'Shutting down', { code: '57P03' });
    const key = keyOf(connectionString);
    const known = pools.get(key);
    if (!known && pools.size >= limits.maxPools) dropIdlest();
    const pool = known ?? openPool(connectionString, limits);
    pools.delete(key); // the last in the map is the last used
    pools.set(key, pool);
    return pool;
  };
  /** Different spellings of one destination share a pool. */
  const keyOf = (connectionString: string): string => {
    const known = keys.get(connectionString);
    if (known !== undefined) return known;
    if (keys.size >= MAX_SPELLINGS) keys.clear();
    const key = JSON.stringify(connectionConfig(connectionString));
    keys.set(connectionString, key);
    return key;
  };
  const dropIdlest = () => {
    for (const [key, pool] of pools) {
      if (pool.waitingCount > 0 || pool.idleCount < pool.totalCount) continue;
      pools.delete(key);
      end(pool);
      return;
    }
    throw tooBusy();
  };

  const end = (pool: Pool) => {
    const ended = pool.end().finally(() => ending.delete(ended));
    ending.add(ended);
  };

  return {
    acquire: async (connectionString) => await acquire(poolFor(connectionString), limits),
    keepOpen(connectionString, connections) {
      poolFor(connectionString).options.min = connections;
    },
    async close() {
      isClosed = true;
      for (const pool of pools.values()) end(pool);
      pools.clear();
      await Promise.all(ending);
    },
  };
}

function openPool(connectionString: string, limits: PoolLimits): Pool {
  const pool = new Pool({
    ...connectionConfig(connectionString),
    max: limits.maxConnections,
    connectionTimeoutMillis: limits.connectTimeoutMs,
    idleTimeoutMillis: limits.idleTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_DELAY_MS,
  });
  // An 'error' event without a listener ends the process. The pool's repeats what its idle connection has said.
  pool.on('connect', (client) => client.on('error', limits.onConnectionError));
  pool.on('error', () => {});
  return pool;
}

function acquire(pool: Pool, { maxConnections, acquireTimeoutMs, connectTimeoutMs }: PoolLimits): Promise<PoolClient> {
  const mayQueue = pool.idleCount > 0 || pool.totalCount >= maxConnections;
  if (pool.waitingCount >= MAX_WAITING) throw tooBusy();
  return new Promise((resolve, reject) => {
    let isGone = false;
    const giveUp = () => {
      isGone = true;
      reject(tooBusy());
    };
    const timer = mayQueue && setTimeout(giveUp, Math.min(acquireTimeoutMs, connectTimeoutMs));
    pool.connect((error, client) => {
      if (timer) clearTimeout(timer);
      if (isGone) client?.release();
      else if (client) resolve(client);
      else reject(connectError(error ?? new Error('no connection')));
    });
  });
}

function connectError(error: Error): Error {
  if (!(error instanceof DatabaseError)) return cannotConnect(error);
  // The hosted service checks passwords itself, and puts it so.
  if (error.code === '28P01') error.message = error.message.replace(/"(.*)"$/, "'$1'");
  return error;
}
