import { sql } from 'drizzle-orm';
import type { AuditQuery } from '../../domain/admin/audit.ts';
import { byId, type Source } from './list.ts';

/** `AuditEntry` in domain/admin/audit.ts is the shape of a row. */
export const auditEntries: Source<AuditQuery> = {
  from: sql`audit_log`,
  row: sql`t.id, hd_moment(t.at) as at, t.actor_type, t.actor_id, case t.actor_type
      when 'admin' then (select a.email from admin_user a where a.id = t.actor_id)
      when 'user' then (select u.username from auth_user u where u.id = t.actor_id) end as actor,
    t.action, t.target_type, t.target_id, t.residence_id, t.changed, t.request_id, t.address`,
  // By time for a range of it: ids follow it but roughly.
  sorts: { ...byId, at: { by: sql`t.at`, kind: 'moment' } },
  filters: {
    // As a word of the query: so the index of admins' acts is found.
    actor_type: (type) => sql`t.actor_type = ${sql.raw(`'${type}'`)}`,
    actor_id: (id) => sql`t.actor_id = ${id}`,
    action: (action) => sql`t.action = ${action}`,
    target_type: (type) => sql`t.target_type = ${type}`,
    target_id: (id) => sql`t.target_id = ${id}`,
    residence_id: (id) => sql`t.residence_id = ${id}`,
    request_id: (id) => sql`t.request_id = ${id}`,
    field: (field) => sql`jsonb_exists(t.changed, ${field})`,
    from: (at) => sql`t.at >= ${at}`,
    to: (at) => sql`t.at < ${at}`,
  },
};
