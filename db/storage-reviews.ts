import { sql } from 'drizzle-orm';
import { type Bell, QUEUE_OF } from '../domain/event.ts';
import { type Db, statement } from './client.ts';
import { bell } from './outbox.ts';

const REVIEW = 'storage.review_due';

/** Has storage reviewed, unless that waits already. */
export const addReview = (db: Db) =>
  statement<{ bell: Bell }>(
    db,
    sql`insert into outbox (event, queue)
        select jsonb_build_object('type', ${REVIEW}::text), ${QUEUE_OF[REVIEW]}
        where not exists (select from outbox where queue = ${QUEUE_OF[REVIEW]} and event ->> 'type' = ${REVIEW}
          and done_at is null and dead_at is null)
        returning ${bell} as bell`,
  );
