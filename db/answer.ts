import { type SQL, sql } from 'drizzle-orm';

/** An answer as Postgres made it: the body is sent as it is, without being decoded on the way. */
export type Answered = { body: string | null; etag: string };

/**
 * Wraps a query for one `json` column named `json` (and, for a single resource, `row_version`). The validator is made
 * beside the body; a body whose validator the caller already has is not answered (architecture.md, Validators).
 */
export function tagged(query: SQL, known: string[] = [], single = false): SQL {
  const prefix = single ? sql`row_version || '.' ||` : sql``;
  const any = known.includes('*');
  return sql`
    with made as (${query}), bodied as (select made.*, json::text as body from made), tags as (
      select body, '"' || ${prefix} left(encode(sha256(convert_to(body, 'UTF8')), 'hex'), 16) || '"' as etag from bodied
    )
    select case when ${any}::boolean or etag = any (${sql.param(known)}::text[]) then null else body end as body, etag from tags`;
}
