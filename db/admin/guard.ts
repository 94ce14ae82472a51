import { sql } from 'drizzle-orm';
import { type Db, statement } from '../client.ts';

/** What an admin's request is known by: the digest of its cookie. */
export type AdminSession = { digest: string };

/** The first statement of whatever an admin does: who may do this, or the whole batch ends (migrations/0015). */
export type AdminGuard = {
  /** Beyond what is the caller's own. */
  is_write?: boolean;
  /** What destroys asks for a confirmation that is fresh. */
  is_grave?: boolean;
};

type Origin = { request_id: string; address: string };

type Entered = { admin_id: number; is_due_for_touch: boolean };

export const enterAsAdmin = (db: Db, { digest }: AdminSession, origin: Origin, guard: AdminGuard) => {
  const { is_write = false, is_grave = false } = guard;
  return statement<{ entered: Entered }>(
    db,
    sql`select json_build_object('admin_id',
          hd_enter_admin(${digest}, ${origin.request_id}, ${origin.address}, ${is_write}::boolean, ${is_grave}::boolean),
          'is_due_for_touch', (select last_used_at < now() - interval '1 minute' from admin_session where digest = ${digest})) as entered`,
  );
};

type Versioned = 'auth_user' | 'contact_apikey' | 'contact_message' | 'residence_residence' | 'task_tasktemplate';

/** Ends the batch with HD404 if there is no such row `t`, and keeps it as it is until the batch is through. */
export const expectThere = (db: Db, table: Versioned, id: number, which = sql`true`) =>
  statement(
    db,
    sql`select hd_expect(${table}::regclass, coalesce(max(t.id), 0), coalesce(max(t.row_version), 0))
        from ${sql.raw(table)} t where t.id = ${id} and ${which}`,
  );

/** Locks a home before anything in it is locked, as every other write does. */
export const lockHome = (db: Db, id: number) => statement(db, sql`select hd_raise(array[${id}::bigint])`);
