import { type SQL, sql } from 'drizzle-orm';
import type { ContactKeysQuery, ContactMessagesQuery, NewContactKey } from '../../domain/admin/contact.ts';
import { type Db, statement } from '../client.ts';
import { byId, rowOf, type Source } from './list.ts';

/** `ContactMessage` in domain/admin/contact.ts is the shape of a row. */
export const contactMessages: Source<ContactMessagesQuery> = {
  from: sql`contact_message`,
  row: sql`t.id, t.name, t.email, t.message, t.status, t.api_key_id, hd_moment(t.mailed_at) as mailed_at,
    hd_moment(t.created_at) as created_at, hd_moment(t.updated_at) as updated_at`,
  sorts: byId,
  search: (pattern) => sql`(t.name || ' ' || t.email || ' ' || t.message) ilike ${pattern}`,
  filters: {
    status: (status) => sql`t.status = ${status}`,
    api_key_id: (id) => sql`t.api_key_id = ${id}`,
  },
};

export const oneContactMessage = (id: number): SQL => rowOf(contactMessages, id);

export const setContactStatus = (db: Db, id: number, status: 'answered' | 'closed') =>
  statement(db, sql`update contact_message set status = ${status} where id = ${id}`);

/** `ContactKey` in domain/admin/contact.ts is the shape of a row. */
export const contactKeys: Source<ContactKeysQuery> = {
  from: sql`contact_apikey`,
  row: sql`t.id, t.name, t.hint, t.per_hour, hd_moment(t.revoked_at) as revoked_at, hd_moment(t.created_at) as created_at`,
  sorts: byId,
  filters: { is_revoked: (is) => (is ? sql`t.revoked_at is not null` : sql`t.revoked_at is null`) },
};

export const addContactKey = (db: Db, { name, per_hour }: NewContactKey, digest: string, hint: string) =>
  statement(
    db,
    sql`insert into contact_apikey (name, per_hour, digest, hint) values (${name}, ${per_hour}, ${digest}, ${hint})`,
  );

/** The key that this batch has just added, with what is shown of it once. */
export const addedContactKey = (key: string): SQL => sql`
  select (made.json::jsonb || jsonb_build_object('key', ${key}::text))::json as json
  from (${rowOf(contactKeys, sql`currval('contact_apikey_id_seq')`)}) made`;

export const revokeContactKey = (db: Db, id: number) =>
  statement(db, sql`update contact_apikey set revoked_at = now() where id = ${id} and revoked_at is null`);

export const oneContactKey = (id: number): SQL => rowOf(contactKeys, id);
