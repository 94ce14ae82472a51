import { type SQL, sql } from 'drizzle-orm';
import type { Role } from '../domain/residence.ts';
import { type Db, statement } from './client.ts';
import type { Who } from './who.ts';

/** Where a write comes from, for the audit log and the trace. */
export type Origin = { request_id: string; address: string; traceparent: string };

/** Ends the batch if the app is too old or, for a write, if the operator has switched writing off (migrations/0004). */
export const admit = (db: Db, app_version: string | null, is_write: boolean) =>
  statement(db, sql`select hd_admit(${app_version}, ${is_write}::boolean)`);

/** The first statement of a signed-in user's write: who may do this here, or the whole batch ends (migrations/0001). */
export type Guard = { residence_id: number; roles: Role[] } | { residence_id: null; unverified_too?: boolean };

export const enter = (db: Db, who: Who, origin: Origin, guard: Guard, verified_only: boolean) => {
  const { residence_id } = guard;
  const roles = guard.residence_id === null ? null : guard.roles;
  const must_be_verified = verified_only && !(guard.residence_id === null && guard.unverified_too);
  return statement(
    db,
    sql`select hd_enter(${who.digest}, ${origin.request_id}, ${origin.address}, ${must_be_verified}::boolean,
          ${residence_id}::bigint, ${roles === null ? null : sql.param(roles)}::text[])`,
  );
};

/** The first statement of a write that nobody is signed in for: it names the request in the audit log. */
export const enterAnonymously = (db: Db, { request_id, address }: Origin) =>
  statement(db, sql`select hd_context(${request_id}, ${address})`);

export const actAs = (db: Db, user_id: number | SQL) => statement(db, sql`select hd_act_as(${user_id})`);

/** Ends the batch with HD409 if the row that was decided on has moved since, with HD404 if it is gone. */
export type Expected = {
  table:
    | 'auth_user'
    | 'notifications_device'
    | 'residence_residence'
    | 'residence_residencesharecode'
    | 'task_contractor'
    | 'task_document'
    | 'task_task'
    | 'task_taskcompletion';
  id: number;
  row_version: number;
};

export const expectUnmoved = (db: Db, { table, id, row_version }: Expected) =>
  statement(db, sql`select hd_expect(${table}::regclass, ${id}, ${row_version})`);
