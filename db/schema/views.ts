import { sql } from 'drizzle-orm';
import { pgView } from 'drizzle-orm/pg-core';
import { members, residences } from './residences.ts';

/** Who may see what: members of homes that were not deleted. Every statement of a request goes through it. */
export const memberships = pgView('hd_membership').as((qb) =>
  qb
    .select({ residence_id: members.residence_id, user_id: members.user_id, role: members.role })
    .from(members)
    .innerJoin(residences, sql`${residences.id} = ${members.residence_id} and ${residences.deleted_at} is null`),
);
