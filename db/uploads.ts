import { type SQL, sql } from 'drizzle-orm';
import type { UploadCategory } from '../domain/upload.ts';
import { UPLOADS } from '../domain/upload.ts';
import { type Db, statement } from './client.ts';
import { pendingUploads } from './schema/files.ts';
import { actorId, type Who } from './who.ts';

/** An upload that its user has not claimed yet. */
export type PendingUpload = {
  id: number;
  object_key: string;
  filename: string | null;
  content_type: string;
  content_length: number;
};

/** For a find whose row is JSON as `found`: the same with the `uploads` of these ids that the caller may claim now. */
export const withUploads = <Found>(db: Db, who: Who, category: UploadCategory, ids: number[], found: SQL) =>
  statement<{ found: Found & { uploads: PendingUpload[] } }>(
    db,
    sql`select f.found::jsonb || jsonb_build_object('uploads', coalesce((
          select jsonb_agg(jsonb_build_object('id', p.id, 'object_key', p.object_key, 'filename', p.filename,
            'content_type', p.content_type, 'content_length', p.content_length))
          from pending_uploads p
          where p.id = any (${sql.param(ids)}::bigint[]) and p.user_id = ${actorId(who)} and p.category = ${category}
            and p.expires_at > now()), '[]')) as found
        from (${found}) f`,
  );

/** An upload as it was found in storage. */
export type StoredUpload = { id: number; version_id: string };

/** Makes files of `parent` out of uploads of whoever acts, in this order: all of them, or the batch ends (migrations/0011). */
export const claimUploads = (db: Db, category: UploadCategory, parent: number | SQL, uploads: StoredUpload[]) => {
  const ids = uploads.map(({ id }) => id);
  const versions = uploads.map(({ version_id }) => version_id);
  return statement(
    db,
    sql`select hd_claim_uploads(${category}, ${parent}, ${sql.param(ids)}::bigint[], ${sql.param(versions)}::text[])`,
  );
};

/** Ends the batch if whoever acts has asked for too many, or has too many that wait (migrations/0011). */
export const makeRoomForUpload = (db: Db) =>
  statement(db, sql`select hd_make_room_for_upload(${UPLOADS.quota}, ${UPLOADS.unclaimed})`);

type Insert = Omit<typeof pendingUploads.$inferInsert, 'user_id' | 'expires_at'>;

export const addUpload = (db: Db, upload: Insert) =>
  db.insert(pendingUploads).values({ ...upload, user_id: sql`hd_me()`, expires_at: sql`now() + interval '1 day'` });

/** The upload that this batch has added, as `Promised`. */
export const uploadPromised: SQL = sql`
  select json_build_object('upload_id', p.id, 'object_key', p.object_key, 'claim_until', hd_moment(p.expires_at),
    'remaining', ${UPLOADS.quota} - c.count,
    'reset_s', ceil(extract(epoch from c.window_start + make_interval(secs => ${UPLOADS.window_s}) - now()))::int)::text as body,
    null as etag
  from pending_uploads p, rate_counter c
  where p.id = currval('pending_uploads_id_seq') and c.subject = 'presign:' || hd_me()
    and c.window_start = date_bin(make_interval(secs => ${UPLOADS.window_s}), now(), 'epoch')`;

/** Nobody may claim them any more; a trigger has their objects deleted. */
export const deleteOldUploads = (db: Db, limit: number) =>
  statement(
    db,
    sql`delete from pending_uploads where id in (
          select id from pending_uploads where expires_at < now() order by expires_at limit ${limit})`,
  );
