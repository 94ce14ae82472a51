import { type SQL, sql } from 'drizzle-orm';
import { type Db, statement } from './client.ts';

export type Reason = 'bounce' | 'complaint' | 'refusal';

/** By which an address is known without being kept: `digestOf` of domain/mail-report.ts in SQL. */
export const digestOf = (address: SQL): SQL => sql`encode(sha256(convert_to(lower(${address}), 'UTF8')), 'hex')`;

/** Whether an address is sent no mail any more. Another address of the same person is. */
export const isSuppressed = (address: SQL): SQL => sql`exists (
  select from notifications_suppression s where s.address_digest = ${digestOf(address)})`;

const add = (db: Db, digests: SQL, reason: Reason) =>
  statement(
    db,
    sql`insert into notifications_suppression (address_digest, reason)
        select d.digest, ${reason} from (${digests}) as d (digest) group by d.digest order by d.digest
        on conflict (address_digest) do nothing`,
  );

export const suppressDigests = (db: Db, digests: string[], reason: Reason) =>
  add(db, sql`select unnest(${sql.param(digests)}::text[])`, reason);

export const suppressAddresses = (db: Db, addresses: string[], reason: Reason) =>
  add(db, sql`select ${digestOf(sql`a.address`)} from unnest(${sql.param(addresses)}::text[]) as a (address)`, reason);

/** An address that works again; `of_user` is whose it is, for the audit log. */
export const unsuppress = (db: Db, address: SQL, of_user: number) =>
  statement(
    db,
    sql`with named as (select set_config('hd.subject_id', ${String(of_user)}, true))
        delete from notifications_suppression using named where address_digest = ${digestOf(address)}`,
  );
