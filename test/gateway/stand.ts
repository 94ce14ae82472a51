import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import getPort from 'get-port';
import { hasRedis, type LocalRedis, startRedis } from '../../dev/redis.ts';
import { mockConnections } from '../../dev/redis-mock.ts';
import { newGateway } from '../../origin/gateway/gateway.ts';
import { redisConnections } from '../../origin/gateway/redis-connection.ts';

/** Where no redis-server is installed the mock stands for it, and what it cannot do is not asked of it. */
export const isReal = hasRedis();
export const TOKENS = {
  full: ['a-token-for-everything-0001', 'the-next-one-after-it-0002'],
  read: ['a-token-to-read-with-0003'],
};
const [token = ''] = TOKENS.full;

export type Stand = {
  url: string;
  token: string;
  redis: LocalRedis | undefined;
  logged: { event: string }[];
  drain(patience_ms: number): Promise<void>;
  stop(): Promise<void>;
};

/** A gateway in this process, and a Redis of its own behind it. */
export async function aStand(settings: Record<string, string> = {}, options: object = {}): Promise<Stand> {
  const port = await getPort();
  const redis = isReal ? await startRedis(port, join(tmpdir(), `redis-${port}.log`), settings) : undefined;
  const connect = redis ? redisConnections(redis.address, 1000) : mockConnections(`test-${port}`);
  const logged: Stand['logged'] = [];
  const log = (event: string, fields = {}) => void logged.push({ event, ...fields });
  const { server, drain } = newGateway({ connect, tokens: TOKENS, connections: 8, deadline_ms: 1000, log, ...options });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port: gatewayPort } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${gatewayPort}`,
    token,
    redis,
    logged,
    drain,
    async stop() {
      await drain(0);
      await redis?.stop();
    },
  };
}
