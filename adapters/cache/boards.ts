import * as z from 'zod';
import { BOARD_MAX_AGE_S, type Boards } from '../../domain/cache.ts';
import type { Client } from './client.ts';
import { newOwed } from './owed.ts';

const MAX_BOARDS = 64;
const MAX_BODY_CHARACTERS = 256 * 1024;

// A user's boards and their epoch are one hash: they expire, are evicted and are lost together. Epochs never come again.
const FIND = `
local epoch = redis.call('HGET', KEYS[1], 'epoch')
if epoch then return { epoch, redis.call('HGET', KEYS[1], 'b:' .. ARGV[1]) } end
redis.call('HSET', KEYS[1], 'epoch', ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[3])
return { ARGV[2], false }`;
const FILL = `
if redis.call('HGET', KEYS[1], 'epoch') ~= ARGV[2] or redis.call('HLEN', KEYS[1]) > tonumber(ARGV[4]) then return 0 end
redis.call('HSET', KEYS[1], 'b:' .. ARGV[1], ARGV[3])
return 1`;
const RAISE = `
for _, key in ipairs(KEYS) do redis.call('UNLINK', key) end
return 1`;

const Found = z.tuple([z.string(), z.string().nullable()]);
const NOTHING = { body: null, epoch: null } as const;
const keyOf = (user_id: number): string => `board:${user_id}`;

export function cachedBoards({ run }: Client, now?: () => number): Boards {
  const owed = newOwed(BOARD_MAX_AGE_S * 1000, now);

  const raise = async (keys: readonly string[]): Promise<boolean> => {
    if (keys.length === 0) return true;
    owed.add(keys);
    if ((await run(RAISE, keys, [])) === undefined) return false;
    owed.settle(keys);
    return true;
  };

  return {
    async find(user_id, name) {
      const key = keyOf(user_id);
      if (owed.has(key) && !(await raise([key]))) return NOTHING;
      const found = Found.safeParse(await run(FIND, [key], [name, crypto.randomUUID(), BOARD_MAX_AGE_S]));
      if (!found.success || owed.has(key)) return NOTHING;
      const [epoch, body] = found.data;
      return { body, epoch };
    },
    async fill(user_id, name, { epoch, body }) {
      if (body.length <= MAX_BODY_CHARACTERS) await run(FILL, [keyOf(user_id)], [name, epoch, body, MAX_BOARDS]);
    },
    raise: async (user_ids) => await raise(user_ids.map(keyOf)),
  };
}
