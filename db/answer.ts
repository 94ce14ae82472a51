import { type SQL, sql } from 'drizzle-orm';
import { sha256 } from '../domain/session.ts';

/** An answer as Postgres made it: the body is sent as it is, without being decoded on the way. */
export type Answered = { body: string | null; etag: string };

/**
 * Wraps a query for one `json` column named `json` (and, for a single resource, `row_version`). The validator is made
 * beside the body; a body whose validator the caller already has is not answered (architecture.md, Validators).
 * Materialized, or Postgres would make the body again wherever it is named: text, since each cast of it is a copy.
 */
export function tagged(query: SQL, known: string[] = [], single = false): SQL {
  const prefix = single ? sql`row_version || '.' ||` : sql``;
  const any = known.includes('*');
  return sql`
    with made as (${query}), texts as materialized (select json::text as body ${single ? sql`, row_version` : sql``} from made),
    tags as (
      select body, '"' || ${prefix} left(encode(sha256(convert_to(body, 'UTF8')), 'hex'), 16) || '"' as etag from texts offset 0
    )
    select case when ${any}::boolean or etag = any (${sql.param(known)}::text[]) then null else body end as body, etag from tags`;
}

/** The same for what follows from the rows by a rule in code. */
export const tagValue = (value: unknown, known: string[]): Answered => tagText(JSON.stringify(value), known);

export function tagText(body: string, known: string[]): Answered {
  const etag = etagOf(body);
  return { body: known.includes('*') || known.includes(etag) ? null : body, etag };
}

export const etagOf = (body: string): string => `"${sha256(body).slice(0, 16)}"`;
