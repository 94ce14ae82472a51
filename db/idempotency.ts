import { type SQL, sql } from 'drizzle-orm';
import type { Answered } from './answer.ts';
import { type Db, statement } from './client.ts';
import { idempotencyKeys } from './schema/traces.ts';
import { actorId, type Who } from './who.ts';

export type Key = { key: string; fingerprint: string };
export type Stored = { fingerprint: string; status: number; result: string | null; etag: string | null };

/** A plain insert: a second use of the key breaks the primary key and with it the whole batch. */
export const claimKey = (db: Db, { key, fingerprint }: Key) =>
  db.insert(idempotencyKeys).values({ user_id: sql`hd_me()`, key, fingerprint });

/** Keeps what `answer` makes (columns `body` and `etag`) with the claimed key, and answers it. */
export const keepAnswer = (db: Db, { key }: Key, status: number, answer: SQL) =>
  statement<Answered>(
    db,
    sql`with answer as (${answer})
        update idempotency_key k set status = ${status}, result = answer.body, etag = answer.etag
        from answer where k.user_id = hd_me() and k.key = ${key} returning answer.body, answer.etag`,
  );

export const findStored = (db: Db, who: Who, { key }: Key) =>
  statement<{ found: Stored }>(
    db,
    sql`select json_build_object('fingerprint', fingerprint, 'status', status, 'result', result, 'etag', etag) as found
        from idempotency_key where user_id = ${actorId(who)} and key = ${key}`,
  );

export const deleteOldKeys = (db: Db, limit: number) =>
  statement(
    db,
    sql`delete from idempotency_key where (user_id, key) in (
          select user_id, key from idempotency_key
          where created_at < now() - interval '7 days' order by created_at limit ${limit})`,
  );
