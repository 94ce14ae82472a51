import { type SQL, sql } from 'drizzle-orm';
import type { Media, MediaKind, MediaVariant } from '../domain/media.ts';
import { type Db, statement } from './client.ts';
import { actorId, type Who } from './who.ts';

const TABLES: Record<MediaKind, SQL> = {
  'completion-image': sql`task_taskcompletionimage`,
  'document-file': sql`task_documentimage`,
};

const addressOf = (kind: MediaKind, file: SQL): SQL => sql`'/api/media/' || ${kind}::text || '/' || ${file}.id || '/'`;

/** Where the row `file` is read. Names its content once that is settled, so that it may be kept for ever. */
export const mediaUrl = (kind: MediaKind, file: SQL): SQL => sql`
  ${addressOf(kind, file)} || case when ${file}.prepared_at is null then '' else coalesce('?v=' || left(${file}.sha256, 8), '') end`;

/** Where its smallest picture is read; null if it has none. */
export const thumbnailUrl = (kind: MediaKind, file: SQL): SQL => sql`(
  select ${addressOf(kind, file)} || '?variant=thumbnail&v=' || left(v.sha256, 8)
  from storage_variant v where v.source_key = ${file}.object_key and v.kind = 'thumbnail')`;

type Which = { kind: MediaKind; id: number; variant: MediaVariant | undefined };

/** Whose files: the caller's, or for an admin everybody's. */
const seenBy = (who: Who | null): { join: SQL; isReadable: SQL } =>
  who === null
    ? { join: sql``, isReadable: sql`true` }
    : {
        join: sql`join hd_membership m on m.residence_id = f.residence_id and m.user_id = ${actorId(who)}`,
        isReadable: sql`(f.prepared_at is not null or f.uploaded_by_id = m.user_id)`,
      };

/**
 * A file of one of the caller's homes, or a smaller picture of it. What is not prepared may still tell where a photo was
 * taken: it exists for nobody but whoever uploaded it.
 */
export const findMedia = (db: Db, who: Who | null, { kind, id, variant }: Which) => {
  const seen = seenBy(who);
  const file = sql`${TABLES[kind]} f ${seen.join}`;
  const isReadable = sql`f.id = ${id} and ${seen.isReadable}`;
  return statement<{ found: Media }>(
    db,
    variant === undefined
      ? sql`select json_build_object('object_key', f.object_key, 'version_id', f.version_id, 'content_type', f.content_type,
              'size', f.size, 'filename', coalesce(f.filename, ${kind}::text || '-' || f.id), 'sha256', case when f.prepared_at is not null then f.sha256 end,
              'modified_at', coalesce(f.prepared_at, f.created_at)) as found
            from ${file} where ${isReadable}`
      : sql`select json_build_object('object_key', v.object_key, 'version_id', v.version_id, 'content_type', v.content_type,
              'size', v.size, 'filename', ${variant}::text || '-' || f.id, 'sha256', v.sha256,
              'modified_at', v.created_at) as found
            from ${file} join storage_variant v on v.source_key = f.object_key and v.kind = ${variant}
            where ${isReadable}`,
  );
};
