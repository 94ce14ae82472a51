import { and, eq, type SQL, sql } from 'drizzle-orm';
import type { Role } from '../domain/residence.ts';
import type { NewShareCode } from '../domain/share-code.ts';
import { tagged } from './answer.ts';
import { type Db, statement } from './client.ts';
import { isViolationOf } from './errors.ts';
import { type Counted, oneMore, type Window } from './rate-counters.ts';
import { shareCodes } from './schema/residences.ts';
import { actorId, type Who } from './who.ts';

/** The id that this batch's insert has just drawn. */
const newCodeId = sql`currval('residence_residencesharecode_id_seq')`;

/** A code aliased `c` as the `json` that is answered; `ShareCode` in domain/share-code.ts is its shape. */
const codeJson = sql`(select row_to_json(x) from (select c.id, c.code, c.role, c.one_time,
  hd_moment(c.expires_at) as expires_at, hd_moment(c.created_at) as created_at, hd_moment(c.updated_at) as updated_at) x)`;

const oneCode = (which: SQL) =>
  sql`select ${codeJson} as json, c.row_version from residence_residencesharecode c where ${which}`;

const standing = (residence_id: number) =>
  sql`c.residence_id = ${residence_id} and not c.one_time and c.expires_at > now()`;

/** The caller's role in the home and, null without one that has not expired, its standing code. */
export const readStandingCode = (db: Db, who: Who, residence_id: number, known: string[]) =>
  statement<{ role: Role; body: string | null; etag: string | null }>(
    db,
    sql`select me.role, code.body, code.etag
        from hd_membership me left join (${tagged(oneCode(standing(residence_id)), known, true)}) code on true
        where me.residence_id = ${residence_id} and me.user_id = ${actorId(who)}`,
  );

export type FoundCode = { role: Role; code_id: number | null; row_version: number; etag: string };

/** The home's standing code to decide on, and the caller's role; `code_id` is null if there is none. */
export const findStandingCode = (db: Db, who: Who, residence_id: number) =>
  statement<{ found: FoundCode }>(
    db,
    sql`select json_build_object('role', me.role, 'code_id', c.id, 'row_version', coalesce(c.row_version, 0),
          'etag', coalesce(code.etag, '')) as found
        from hd_membership me
        left join residence_residencesharecode c on ${standing(residence_id)}
        left join (${tagged(oneCode(standing(residence_id)), [], true)}) code on true
        where me.residence_id = ${residence_id} and me.user_id = ${actorId(who)}`,
  );

export const codeWritten: SQL = tagged(oneCode(sql`c.id = ${newCodeId}`), [], true);

/** What a `.honeydue` file holds of the code that was just made. */
export const packageWritten = (join_url: string): SQL => sql`
  select json_build_object('version', 1, 'code', c.code, 'residence', json_build_object('id', r.id, 'name', r.name),
    'role', c.role, 'expires_at', hd_moment(c.expires_at),
    'shared_by', coalesce(nullif(trim(u.first_name || ' ' || u.last_name), ''), u.username),
    'join_url', ${join_url}::text)::text as body, null::text as etag
  from residence_residencesharecode c
  join residence_residence r on r.id = c.residence_id join auth_user u on u.id = c.created_by_id
  where c.id = ${newCodeId}`;

type CodeDraft = NewShareCode & { residence_id: number; code: string; one_time: boolean };

/** Expires by the database's clock, which is also the one that it is spent by. */
export const addCode = (db: Db, { expires_in_days, ...draft }: CodeDraft) =>
  db.insert(shareCodes).values({
    ...draft,
    expires_at: sql`now() + make_interval(days => ${expires_in_days})`,
    created_by_id: sql`hd_me()`,
  });

export const isDrawnTwice = (error: unknown): boolean => isViolationOf('residence_residencesharecode_code_key', error);

export const deleteStandingCode = (db: Db, residence_id: number) =>
  db.delete(shareCodes).where(and(eq(shareCodes.residence_id, residence_id), eq(shareCodes.one_time, false)));

/** Counts a try at a code for the address and for whoever asks, and answers for the one that tried more often. */
export const countTry = (db: Db, { digest }: Who, address: Window, user: Window) =>
  statement<{ found: Counted }>(
    db,
    sql`with by_address as (${oneMore(address)}), by_user as (
          ${oneMore({ ...user, subject: sql`${user.subject}::text || s.user_id` }, sql`from user_authtoken s where s.digest = ${digest}`)})
        select json_build_object('count', max(count), 'reset_s', max(reset_s)) as found
        from (table by_address union all table by_user) counted`,
  );

/** Whoever acts becomes a member of the code's home, or the batch ends (migrations/0004). */
export const join = (db: Db, code: string) => statement(db, sql`select hd_join(${code})`);

export const homeOfCode = (code: string): SQL =>
  sql`(select residence_id from residence_residencesharecode where code = ${code})`;

/** Whoever shows one that expired so long ago hears of no code at all. */
export const deleteOldShareCodes = (db: Db, limit: number) =>
  statement(
    db,
    sql`delete from residence_residencesharecode where id in (
          select id from residence_residencesharecode
          where expires_at < now() - interval '30 days' order by expires_at limit ${limit})`,
  );
