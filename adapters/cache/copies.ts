import * as z from 'zod';
import { COPY_MAX_AGE_S, type Copies, type Copy, SESSION_TRUSTED_S } from '../../domain/cache.ts';
import type { Client } from './client.ts';
import { newOwed } from './owed.ts';

const MAX_COPIES = 32;
const MAX_BODY_CHARACTERS = 256 * 1024;
const MOMENT_LENGTH = '2026-01-01T00:00:00.000Z'.length;

// A copy is when it was read, its validator, a line break and the body; a session is when it was seen, and whose it is.
// Such moments sort as text. What is from before `since` is as if it had never been said.
const KEEP = `
local since = redis.call('HGET', KEYS[1], 'since')
if since and since >= ARGV[2] then return 0 end
local seen = redis.call('GET', KEYS[2])
if not seen or string.sub(seen, 1, #ARGV[2]) < ARGV[2] then
  redis.call('SET', KEYS[2], ARGV[2] .. ARGV[4], 'EX', ARGV[5])
end
local head, rest = ARGV[3] .. '\\n', ARGV[8]
local before = redis.call('HGET', KEYS[1], 'c:' .. ARGV[1])
if before and string.sub(before, 1, #ARGV[2]) >= ARGV[2] then return 0 end
if not rest then
  if not before or string.sub(before, #ARGV[2] + 1, #ARGV[2] + #head) ~= head then return 0 end
  rest = string.sub(before, #ARGV[2] + #head + 1)
end
if not before and redis.call('HLEN', KEYS[1]) > tonumber(ARGV[7]) then return 0 end
redis.call('HSET', KEYS[1], 'c:' .. ARGV[1], ARGV[2] .. head .. rest)
redis.call('EXPIRE', KEYS[1], ARGV[6])
return 1`;
const FORGET = `
for _, key in ipairs(KEYS) do
  local since = redis.call('HGET', key, 'since')
  redis.call('UNLINK', key)
  redis.call('HSET', key, 'since', since and since > ARGV[1] and since or ARGV[1])
  redis.call('EXPIRE', key, ARGV[2])
end
return 1`;
const FIND = `
local seen = redis.call('GET', KEYS[1])
if not seen then return false end
local user = string.sub(seen, ${MOMENT_LENGTH} + 1)
local since = redis.call('HGET', 'copy:' .. user, 'since')
if since and since >= string.sub(seen, 1, ${MOMENT_LENGTH}) then return false end
return { user, redis.call('HGET', 'copy:' .. user, 'c:' .. ARGV[1]) }`;

const Found = z.tuple([z.coerce.number().int(), z.string()]);
const keyOf = (user_id: number): string => `copy:${user_id}`;
const sessionKey = (session: string): string => `session:${session}`;

export function cachedCopies({ run }: Client, now: () => number = Date.now): Copies {
  const owed = newOwed(SESSION_TRUSTED_S * 1000, now);

  return {
    async keep({ session, user_id }, name, { body, etag, read_at }) {
      if (body !== null && body.length > MAX_BODY_CHARACTERS) return;
      const about = [name, moment(read_at), etag, user_id, SESSION_TRUSTED_S, COPY_MAX_AGE_S, MAX_COPIES];
      await run(KEEP, [keyOf(user_id), sessionKey(session)], body === null ? about : [...about, body]);
    },
    async find(session, name) {
      const found = Found.safeParse(await run(FIND, [sessionKey(session)], [name]));
      if (!found.success) return null;
      const [user_id, text] = found.data;
      const copy = copyIn(text);
      const isGood = copy !== null && now() - Date.parse(copy.read_at) <= COPY_MAX_AGE_S * 1000;
      return isGood && !owed.has(keyOf(user_id)) ? { user_id, ...copy } : null;
    },
    async forget(user_ids, at) {
      if (user_ids.length === 0) return true;
      const keys = user_ids.map(keyOf);
      owed.add(keys);
      if ((await run(FORGET, keys, [moment(at), COPY_MAX_AGE_S])) === undefined) return false;
      owed.settle(keys);
      return true;
    },
  };
}

function copyIn(text: string): Copy | null {
  const end = text.indexOf('\n', MOMENT_LENGTH);
  if (end < 0 || end + 1 === text.length) return null;
  return {
    read_at: text.slice(0, MOMENT_LENGTH),
    etag: text.slice(MOMENT_LENGTH, end),
    body: text.slice(end + 1),
  };
}

/** Of one length, to be compared as text. */
const moment = (text: string): string => new Date(text).toISOString();
