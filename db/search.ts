import { sql } from 'drizzle-orm';
import type { SearchCursor, SearchType } from '../domain/search.ts';
import { type Answered, tagged } from './answer.ts';
import { nextCursor } from './board.ts';
import { type Db, statement } from './client.ts';
import { searched } from './search-matches.ts';
import type { Who } from './who.ts';

/** The entry `t` as it is shown: `s` is what it was made from. */
const highlight = sql`hd_marked(case t.field when 3 then s.names when 4 then hd_excerpt(s.notes, m.beginnings)
  when 5 then hd_excerpt(s.body, m.beginnings) else s.title end, m.query) as highlight`;
const shown = sql`marks m, lateral (select * from hd_searchable s where s.kind = t.kind and s.id = t.entity_id) s`;
const order = sql`t.score desc, t.kind collate "C", t.entity_id`;

type SearchQuery = { q: string; types: SearchType[]; limit: number; after: SearchCursor | null };

export function readSearch(db: Db, who: Who, { q, types, limit, after }: SearchQuery, known: string[]) {
  const isAfter =
    after === null
      ? sql`true`
      : sql`(-t.score, t.kind collate "C", t.entity_id) > (-(${after[0]}::numeric), ${after[1]}, ${after[2]}::bigint)`;
  const isAsked = sql`t.kind = any (${sql.param(types)}::text[])`;
  return statement<Answered>(
    db,
    tagged(
      sql`
      with ${searched(who, q)}, paged as (
        select t.*, row_number() over (order by ${order}) as rank from matched t where ${isAsked} and ${isAfter}
        order by rank limit ${limit + 1}
      )
      select json_build_object(
        'results', coalesce((
          select json_agg(json_build_object('type', t.kind, 'id', t.entity_id, 'title', s.title,
            'residence_id', case when s.scope > 0 then s.scope end, 'ranking_score', t.score, 'highlight', s.highlight,
            'found_in', (array['title', 'title', 'names', 'notes', 'text'])[t.field]) order by t.rank)
          from paged t, lateral (select s.*, ${highlight} from ${shown}) s where t.rank <= ${limit}), '[]'),
        'next_cursor', (${nextCursor(sql`json_build_array(t.score, t.kind, t.entity_id)`, limit)}),
        'query', ${q}::text,
        'total', (select count(*) from matched t where ${isAsked}),
        'facets', (select json_object_agg(k.kind, (select count(*) from matched t where t.kind = k.kind))
                   from unnest(array['document', 'task', 'contractor']) k (kind))) as json`,
      known,
    ),
  );
}

export const searchDocuments = (db: Db, who: Who, { q, limit }: { q: string; limit: number }, known: string[]) =>
  statement<Answered>(
    db,
    tagged(
      sql`
      with ${searched(who, q)}, paged as (
        select t.* from matched t where t.kind = 'document' order by ${order} limit ${limit}
      )
      select json_build_object(
        'results', coalesce((
          select json_agg(json_build_object('id', d.id, 'filename', f.filename, 'document_type', d.document_type,
            'storage_path', '/api/media/document-file/' || f.id || '/', 'ranking_score', t.score, 'highlight', s.highlight)
            order by ${order})
          from paged t join task_document d on d.id = t.entity_id
          left join lateral (select f.id, f.filename from task_documentimage f where f.document_id = d.id order by f.id limit 1) f on true,
            lateral (select ${highlight} from ${shown}) s), '[]'),
        'query', ${q}::text,
        'total', (select count(*) from matched t where t.kind = 'document')) as json`,
      known,
    ),
  );
