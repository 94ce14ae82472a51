import { Redis } from 'ioredis';
import type { Command } from './command.ts';
import type { Connect, Connection } from './connection.ts';
import type { Reply } from './reply.ts';

/** Connections that end when they are lost: the pool opens others. */
export const redisConnections =
  (url: string, connect_timeout_ms: number): Connect =>
  async () => {
    const redis = new Redis(url, {
      lazyConnect: true,
      connectTimeout: connect_timeout_ms,
      retryStrategy: () => null,
      maxRetriesPerRequest: 0,
      enableOfflineQueue: false,
      enableReadyCheck: false,
      disableClientInfo: true,
      stringNumbers: true, // or integers beyond 2^53 are rounded
    });
    redis.on('error', () => {}); // whoever waits for an answer is told
    await redis.connect();
    return overRedis(redis);
  };

const overRedis = (redis: Redis): Connection => ({
  isOpen: () => redis.status === 'ready',
  send: async (commands) => await Promise.all(commands.map((command) => call(redis, command))),
  async transact(commands) {
    const all = [{ name: 'MULTI', args: [] }, ...commands, { name: 'EXEC', args: [] }];
    const done = (await Promise.all(all.map((command) => call(redis, command)))).at(-1);
    if (Array.isArray(done) || done instanceof Error) return done;
    throw new Error('Redis answered a transaction with no list.');
  },
  async listen(kind, channels, onMessage) {
    redis.on('message', (channel, message) => onMessage(['message', channel, message]));
    redis.on('pmessage', (pattern, channel, message) => onMessage(['pmessage', pattern, channel, message]));
    await redis[kind](...channels);
  },
  onClose: (listener) => void redis.once('close', listener),
  close: () => redis.disconnect(),
});

/** By its name in capitals: ioredis would make objects of what it knows in small letters. */
async function call(redis: Redis, { name, args }: Command): Promise<Reply> {
  try {
    return replyOf(await redis.callBuffer(name, ...args));
  } catch (error) {
    if (error instanceof Error && error.name === 'ReplyError') return error;
    throw error;
  }
}

/** Text comes as bytes and integers as strings; nothing else does. */
function replyOf(value: unknown): Reply {
  if (value === null || Buffer.isBuffer(value) || value instanceof Error) return value;
  if (Array.isArray(value)) return value.map(replyOf);
  if (typeof value === 'string') return { digits: value };
  throw new Error(`Redis answered with ${typeof value}.`);
}
