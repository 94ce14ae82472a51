import { type SQL, sql } from 'drizzle-orm';
import { type Db, statement } from './client.ts';

export type Window = { subject: string | SQL; window_s: number };
export type Counted = { count: number; reset_s: number };

/** The beginning of the fixed window that is open. */
const opened = (window_s: number): SQL => sql`date_bin(make_interval(secs => ${window_s}), now(), 'epoch')`;

const resetOf = (window_s: number): SQL =>
  sql`ceil(extract(epoch from window_start + make_interval(secs => ${window_s}) - now()))::int as reset_s`;

/** Counts one more use, exactly: the row's lock orders those that come together. For as many as `from` finds. */
export const oneMore = ({ subject, window_s }: Window, from: SQL = sql``): SQL => sql`
  insert into rate_counter as kept (subject, window_start, count) select ${subject}, ${opened(window_s)}, 1 ${from}
  on conflict (subject, window_start) do update set count = kept.count + 1
  returning count, ${resetOf(window_s)}`;

/** How often it was used in the window that is open, for a statement behind the one that counts. */
export const wasUsed = ({ subject, window_s }: Window): SQL => sql`(
  select c.count from rate_counter c where c.subject = ${subject} and c.window_start = ${opened(window_s)})`;

/** As if the last use had not been; to be completed by a condition. */
export const takeBack = ({ subject, window_s }: Window): SQL =>
  sql`update rate_counter set count = count - 1 where subject = ${subject} and window_start = ${opened(window_s)}`;

export const countUse = (db: Db, window: Window) =>
  statement<{ found: Counted }>(
    db,
    sql`with counted as (${oneMore(window)}) select row_to_json(counted) as found from counted`,
  );

/** Who tries what: an address that has so many tries at all, at an account that so many addresses may try. */
export type Attempt = {
  address: Window & { quota: number };
  account: Window & { quota: number };
  /** The address as the account's row names it. */
  source: string;
};
export type Attempted = Counted & {
  /** Whether the address is among those that may; null if it had too many tries to be asked. */
  has_place: boolean | null;
  account_reset_s: number | null;
};

/**
 * Counts an attempt before anything is compared, so that a thousand at once are no more than a thousand in turn. The CTEs
 * `counted`, a use of the address's window, and `placed`, a place among the account's addresses: the first few have one.
 */
export const attempt = ({ address, account, source }: Attempt): SQL => sql`
  counted as (${oneMore(address)}),
  placed as (
    insert into rate_counter as kept (subject, window_start, count, sources)
    select ${account.subject}, ${opened(account.window_s)}, 1, array[${source}::text]
    from counted where counted.count <= ${address.quota}
    on conflict (subject, window_start) do update set count = kept.count + 1,
      sources = case when ${source} = any (kept.sources) or cardinality(kept.sources) >= ${account.quota} then kept.sources
                     else kept.sources || ${source}::text end
    returning ${source} = any (sources) as has_place, ${resetOf(account.window_s)})`;

/** What `attempt` came to, as columns; in a query that selects from `attempted`. */
export const attempted = sql`counted left join placed on true`;
export const attemptedFields = sql`'count', counted.count, 'reset_s', counted.reset_s, 'has_place', placed.has_place,
  'account_reset_s', placed.reset_s`;

export const countAttempt = (db: Db, given: Attempt) =>
  statement<{ found: Attempted }>(
    db,
    sql`with ${attempt(given)} select json_build_object(${attemptedFields}) as found from ${attempted}`,
  );

/** Gives the place back: whoever succeeded is no stranger to the account. */
export const giveBack = (db: Db, { account, source }: Attempt) =>
  statement(
    db,
    sql`update rate_counter set sources = array_remove(sources, ${source})
        where subject = ${account.subject} and window_start = ${opened(account.window_s)}`,
  );

export const deleteOldCounters = (db: Db, limit: number) =>
  statement(
    db,
    sql`delete from rate_counter where (subject, window_start) in (
          select subject, window_start from rate_counter
          where window_start < now() - interval '1 day' order by window_start limit ${limit})`,
  );
