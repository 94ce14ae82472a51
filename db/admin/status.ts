import { sql } from 'drizzle-orm';
import { type Db, statement } from '../client.ts';

const RELEASES_MAX = 10;

export type Releases = { database_version: string; deployments: { release: string; at: string }[] };

/** What serves, and since when. */
export const findReleases = (db: Db) =>
  statement<Releases>(
    db,
    sql`select current_setting('server_version') as database_version, (
          select coalesce(json_agg(json_build_object('release', d.release, 'at', hd_moment(d.at)) order by d.id desc), '[]')
          from (select * from deployment order by id desc limit ${RELEASES_MAX}) d) as deployments`,
  );
