import { type SQL, sql } from 'drizzle-orm';
import { type Part, partsOf } from '../domain/search.ts';
import { actorId, type Who } from './who.ts';

/** What was said, cut into words: `forms` are the ways in which each may be found (migrations/0013). */
const said = (parts: Part[]): SQL => sql`
  split as (
    select n, hd_split(p.text) as words, not p.is_phrase as is_begun
    from json_to_recordset(${JSON.stringify(parts.map((part, n) => ({ n, ...part })))}::json)
      as p (n int, text text, is_phrase boolean)
  ), said as (
    select n, words, is_begun, is_begun and cardinality(words) = 1 as is_word, hd_stem(words[1]) as stem
    from split where words <> '{}'
  ), parts as materialized (
    select n, words, is_begun, is_word, hd_forms(words, case when is_word then stem end, is_begun) as forms from said s
    where not is_word or stem is not null or not exists (
      select from said other where other.n <> s.n and (not other.is_word or other.stem is not null))
  )`;

/** An entry that has a part, and where: 1 its title as it stands, 2 its title, 3 its names, 4 its notes, 5 inside a file. */
const hits = (parts: SQL): SQL => sql`
  select e.kind, e.entity_id, e.head, e.body, p.n, p.forms, case when e.head @@ p.forms[2] then 1
    when e.head @@ p.forms[3] then 2 when e.head @@ p.forms[4] then 3 when e.head @@ p.forms[5] then 4 else 5 end as field
  from ${parts} p cross join scopes join search_entry e using (scope)
  where e.head @@ p.forms[1] or e.body @@ p.forms[1]`;

/** Words that nothing has, if they are long enough to be known by the rest of their letters; `most` may be wrong. */
const lost = sql`
  select n, words[1] as word, length(words[1]) as size, case when length(words[1]) < 6 then 1 else 2 end as most from parts
  where is_word and length(words[1]) >= 4 and words[1] ~ '[^0-9]' and n not in (select n from hits)`;

/** Those words of the caller's that each of them is so close to. */
const near = sql`
  select n, word, closeness, row_number() over (partition by n order by closeness desc, word) as place from (
    select distinct p.n, w.word, 0.85 + 0.1 * similarity(w.word, p.word)
      - 0.1 * (levenshtein(w.word, p.word) - (hd_letters(w.word) = hd_letters(p.word))::int) as closeness
    from lost p, (
      select unnest(tsvector_to_array(v.words)) as word
      from scopes join search_vocabulary v using (scope) where exists (select from lost) offset 0) w
    where length(w.word) between p.size - p.most and p.size + p.most
      and levenshtein_less_equal(w.word, p.word, p.most) <= p.most) alike`;

const scoreOf = sql`(0.9 * (array[1, 0.9, 0.7, 0.5, 0.3])[h.field] + 0.1 * ts_rank(h.head, h.forms[1]))`;

/**
 * The CTEs `matched` (kind, entity_id, score, field: the deepest that had to be looked at), `marks` (what to highlight) and
 * what they follow from. Looks at the entries of the caller's homes and of the caller, and at nobody else's.
 */
export const searched = (who: Who, query: string): SQL => sql`
  scopes as materialized (
    select m.residence_id as scope from hd_membership m where m.user_id = ${actorId(who)} union all select -${actorId(who)}
  ), ${said(partsOf(query))}, hits as materialized (${hits(sql`parts`)}), lost as materialized (${lost}), near as materialized (
    select n, word, closeness from (${near}) w where place <= 8
  ), instead as materialized (select n, hd_instead(array_agg(word)) as forms from near group by n),
  matched as materialized (
    select kind, entity_id, round(avg(score)::numeric, 4) as score, max(field) as field from (
      select kind, entity_id, field, ${scoreOf} as score from hits h
      union all
      select kind, entity_id, field, ${scoreOf} * (
        select max(w.closeness) from near w where w.n = h.n and (h.head @@ w.word::tsquery or h.body @@ w.word::tsquery))
      from (${hits(sql`instead`)}) h) scored
    group by kind, entity_id having count(*) = (select count(*) from parts)
  ), marks as materialized (
    select string_agg(stem || case when is_begun then '|' || word || ':*' else '' end, '|')::tsquery as query,
      array_agg(left(stem, greatest(4, length(stem) - 1))) as beginnings
    from (
      select word, coalesce(hd_stem(word), word) as stem, p.is_begun from parts p, unnest(p.words) word
      union all select word, coalesce(hd_stem(word), word), false from near) w
  )`;
