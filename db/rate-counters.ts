import { lt, sql } from 'drizzle-orm';
import { type Db, statement } from './client.ts';
import { rateCounters } from './schema/traces.ts';

export type Counted = { count: number; reset_s: number };

/** Counts one more use of a fixed window, exactly: the row's lock orders those that come together. */
export const countUse = (db: Db, subject: string, window_s: number) =>
  statement<{ found: Counted }>(
    db,
    sql`insert into rate_counter (subject, window_start, count)
        values (${subject}, date_bin(make_interval(secs => ${window_s}), now(), 'epoch'), 1)
        on conflict (subject, window_start) do update set count = rate_counter.count + 1
        returning json_build_object('count', count, 'reset_s',
          ceil(extract(epoch from window_start + make_interval(secs => ${window_s}) - now()))) as found`,
  );

/** Where failures on a subject came from in the window that is open. */
export const findSources = (db: Db, subject: string, window_s: number) =>
  statement<{ found: { sources: string[] } }>(
    db,
    sql`select json_build_object('sources', sources) as found from rate_counter
        where subject = ${subject} and window_start = date_bin(make_interval(secs => ${window_s}), now(), 'epoch')`,
  );

/** Adds a source to the subject's window; one that is there already counts no further. */
export const addSource = (db: Db, subject: string, window_s: number, source: string) =>
  statement(
    db,
    sql`insert into rate_counter (subject, window_start, count, sources)
        values (${subject}, date_bin(make_interval(secs => ${window_s}), now(), 'epoch'), 1, array[${source}::text])
        on conflict (subject, window_start) do update set count = rate_counter.count + 1,
          sources = case when ${source} = any (rate_counter.sources) then rate_counter.sources
                         else rate_counter.sources || ${source}::text end`,
  );

export const deleteOldCounters = (db: Db) =>
  db.delete(rateCounters).where(lt(rateCounters.window_start, sql`now() - interval '1 day'`));
