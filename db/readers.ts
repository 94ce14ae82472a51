import { sql } from 'drizzle-orm';
import { QUEUE_OF } from '../domain/event.ts';
import { type Db, statement } from './client.ts';

/** Homes of which something has changed, those that are no more, and users whose own homes went with them. */
export type Changed = { homes: number[]; ended_homes: number[]; ended_owners: number[] };

/** Who sees these homes, and who saw what has ended. Whoever has left is in no row: their event names them. */
export const findReaders = (db: Db, { homes, ended_homes, ended_owners }: Changed) =>
  statement<{ readers: number[]; former: number[] }>(
    db,
    sql`select coalesce(json_agg(distinct user_id), '[]') as readers,
          coalesce(json_agg(distinct user_id) filter (where residence_id = any (${sql.param(ended_homes)}::bigint[])
            or residence_id in (select residence_id from residence_residence_users
              where user_id = any (${sql.param(ended_owners)}::bigint[]))), '[]') as former
        from residence_residence_users where residence_id = any (${sql.param([...homes, ...ended_homes])}::bigint[])
          or residence_id in (select residence_id from residence_residence_users
            where user_id = any (${sql.param(ended_owners)}::bigint[]))`,
  );

const FIRST_TRY_S = 30;

/** For what Redis could not be told. */
export const addOutdated = (db: Db, user_ids: number[]) =>
  statement(
    db,
    sql`insert into outbox (event, queue, run_at) values (
          jsonb_build_object('type', 'copies.outdated', 'user_ids', ${sql.param(user_ids)}::bigint[]),
          ${QUEUE_OF['copies.outdated']}, now() + make_interval(secs => ${FIRST_TRY_S}))`,
  );
