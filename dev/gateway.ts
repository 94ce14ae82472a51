import { appendFile } from 'node:fs/promises';
import { newGateway } from '../origin/gateway/gateway.ts';
import { startNode } from './child.ts';
import { answers, type Part } from './part.ts';
import { mockConnections } from './redis-mock.ts';

/** Made up, and good for this server alone. */
export const GATEWAY_TOKEN = 'honeydue-local-redis-rest-token';
const HOST = '127.0.0.1';

/** In front of Redis, or, where none is installed, of a mock of it in this process. */
export const startGateway = async (port: number, log: string, redis: string | undefined): Promise<Part> =>
  redis === undefined ? await overMock(port, log) : await overRedis(port, log, redis);

/** Restarts by itself when a file that it imports changes. */
async function overRedis(port: number, log: string, REDIS_URL: string): Promise<Part> {
  const env = { REDIS_URL, GATEWAY_TOKEN, HOST, PORT: String(port) };
  const child = startNode(['--watch', '--watch-preserve-output', 'origin/gateway/server.ts'], log, env);
  const address = `http://${HOST}:${port}`;
  await answers(`${address}/health`, undefined, child).catch(async (error) => {
    await child.stop();
    throw error;
  });
  return { address, ...child };
}

async function overMock(port: number, log: string): Promise<Part> {
  const { server, drain } = newGateway({
    connect: mockConnections('local'),
    tokens: { full: [GATEWAY_TOKEN], read: [] },
    connections: 20,
    deadline_ms: 1000,
    log: (event, fields) => void appendFile(log, `${JSON.stringify({ event, ...fields })}\n`),
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, HOST, resolve));
  return { address: `http://${HOST}:${port}`, stop: () => drain(1000) };
}
