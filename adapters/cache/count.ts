import * as z from 'zod';
import type { Count } from '../../domain/cache.ts';
import type { Client } from './client.ts';

const COUNT = `
local by = tonumber(ARGV[1])
if KEYS[2] and not redis.call('SET', KEYS[2], '1', 'NX', 'EX', ARGV[2]) then by = 0 end
local count = redis.call('INCRBY', KEYS[1], by)
if redis.call('TTL', KEYS[1]) < 0 then redis.call('EXPIRE', KEYS[1], ARGV[2]) end
return { count, redis.call('TTL', KEYS[1]) }`;

const Counts = z.tuple([z.int(), z.int()]);

export const sharedCount =
  ({ run }: Client): Count =>
  async (key, { window_s, by = 1, once }) => {
    const keys = once === undefined ? [`count:${key}`] : [`count:${key}`, `counted:${key}:${once}`];
    const counted = Counts.safeParse(await run(COUNT, keys, [by, window_s]));
    if (!counted.success) return null;
    const [count, resets_in_s] = counted.data;
    return { count, resets_in_s };
  };
