import { sql } from 'drizzle-orm';
import type { AuditArchive } from '../domain/audit-archive.ts';
import { type Db, statement } from './client.ts';

/** The lines of a file that is being made; `lines` is null once no row is due. */
export type AuditLines = { last_id: number; row_count: number; lines: string | null };

/** The next rows of the log, up to the first that is not past retention. */
export const findArchivable = (db: Db, after_id: number, limit: number) =>
  statement<{ found: AuditLines }>(
    db,
    sql`select json_build_object('last_id', coalesce(max(l.id), ${after_id}::bigint), 'row_count', count(*),
          'lines', string_agg(hd_audit_line(l), '' order by l.id)) as found
        from audit_log l join (
          select page.id,
            bool_and(page.at < now() - make_interval(days => s.audit_retention_days)) over (order by page.id) as is_due
          from (select id, at from audit_log where id > ${after_id} order by id limit ${limit}) page, app_setting s
        ) p on p.id = l.id and p.is_due`,
  );

/** Records an archive and removes its rows, if it holds just what the log has (migrations/0018). */
export const recordArchive = (db: Db, archive: AuditArchive) =>
  statement<{ removed: string }>(db, sql`select hd_archive_audit(${JSON.stringify(archive)}::jsonb) as removed`);

/** Of `AuditArchive`: those after a number, in their order. */
export const findArchives = (db: Db, after: number, limit: number) =>
  statement<{ archive: unknown }>(
    db,
    sql`select to_json(a) as archive from audit_archive a where number > ${after} order by number limit ${limit}`,
  );

export const findLastArchive = (db: Db) =>
  statement<{ archive: unknown }>(
    db,
    sql`select to_json(a) as archive from audit_archive a order by number desc limit 1`,
  );

/** Archives whose loss an operator has taken note of. */
export const findAcceptedArchives = (db: Db) =>
  statement<{ accepted: number[] }>(db, sql`select to_json(accepted) as accepted from audit_archive_state`);

/** How a run has ended: `broken` says what is wrong with the archives, null that all is well. */
export const noteArchiving = (db: Db, broken: string | null) =>
  statement(
    db,
    sql`update audit_archive_state set broken = ${broken},
          succeeded_at = case when ${broken}::text is null then now() else succeeded_at end`,
  );
