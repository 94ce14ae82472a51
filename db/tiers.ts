import { sql } from 'drizzle-orm';
import { type Db, statement } from './client.ts';

type Kind = 'residences' | 'tasks' | 'contractors' | 'documents';

/** Ends the batch if `added` more would be above the tier of who pays: the home's owner, or whoever acts (migrations/0004). */
export const makeRoom = (db: Db, kind: Kind, residence_id: number | null, added: number) =>
  statement(db, sql`select hd_make_room(${kind}, ${residence_id}::bigint, ${added}::int)`);
