-- What is searched, how it is cut into words, and the triggers that keep both in step with the rows.

create extension if not exists unaccent with schema public;
create extension if not exists pg_trgm with schema public;
create extension if not exists fuzzystrmatch with schema public;
--> statement-breakpoint

/* ── Words ──────────────────────────────────────────────────────────────────────────────────────────────────── */

-- Words as they are, and their English stems without the words that say nothing. Both know no accents.
create text search configuration hd_words (copy = simple);
alter text search configuration hd_words alter mapping for word, hword, hword_part, numword, numhword with unaccent, simple;
create text search configuration hd_stems (copy = english);
alter text search configuration hd_stems alter mapping for word, hword, hword_part with unaccent, english_stem;
--> statement-breakpoint

-- Text in the letters that it is searched by: small, without accents, nothing but spaces between words. Scripts that write
-- no spaces (Chinese, Japanese, Korean, Thai and its neighbours) are cut into signs, so that any part of them is found.
create function hd_plain(given text) returns text language plpgsql immutable strict parallel safe as $$
begin
  if octet_length(given) = length(given) then return regexp_replace(lower(given collate "C"), '[^a-z0-9]+', ' ', 'g'); end if;
  return regexp_replace(
    regexp_replace(
      lower(public.unaccent('public.unaccent', regexp_replace(normalize(given, NFKC), '[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]', '', 'g'))
        collate "pg_c_utf8"),
      '([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff])', ' \1 ', 'g'),
    '[^[:alnum:]]+' collate "pg_c_utf8", ' ', 'g');
end $$;
--> statement-breakpoint

-- The same as a list.
create function hd_split(given text) returns text[] language sql immutable strict parallel safe
return string_to_array(nullif(btrim(hd_plain(given)), ''), ' ');
--> statement-breakpoint

create function hd_weighted(given text, weight "char") returns tsvector language plpgsql immutable parallel safe as $$
declare
  plain constant text := hd_plain(given);
begin
  if plain is null then return ''; end if;
  return setweight(to_tsvector('public.hd_words', plain) || to_tsvector('public.hd_stems', plain), weight);
end $$;
--> statement-breakpoint

create function hd_head(title text, names text, notes text) returns tsvector language sql immutable parallel safe
return hd_weighted(title, 'A') || hd_weighted(left(names, 20000), 'B') || hd_weighted(left(notes, 20000), 'C');
--> statement-breakpoint

-- What was read from files: the first 200,000 signs, or the first 20,000 of what has too many different words for a
-- tsvector. Its stems have no places: what is between quotation marks is looked for as it is.
create function hd_body(given text) returns tsvector language plpgsql immutable parallel safe as $$
declare
  plain text;
begin
  if given is null then return null; end if;
  plain := hd_plain(left(given, 200000));
  begin
    return to_tsvector('public.hd_words', plain) || strip(to_tsvector('public.hd_stems', plain));
  exception when program_limit_exceeded then
    plain := left(plain, 20000);
    return to_tsvector('public.hd_words', plain) || strip(to_tsvector('public.hd_stems', plain));
  end;
end $$;
--> statement-breakpoint

-- The words of an entry that somebody may mistype. A file of too many is a catalogue, in which nobody looks for one.
create function hd_vocabulary(head tsvector, body tsvector) returns tsvector language sql immutable parallel safe
return strip(head) || case when length(body) <= 15000 then strip(body) else '' end;
--> statement-breakpoint

-- Words and more words, as long as they are not too many and a tsvector can hold them.
create function hd_grown(known tsvector, added tsvector) returns tsvector language plpgsql immutable parallel safe as $$
begin
  return case when length(known) + length(added) > 40000 then known else known || added end;
exception when program_limit_exceeded then
  return known;
end $$;
--> statement-breakpoint
create aggregate hd_all_words(tsvector) (sfunc = hd_grown, stype = tsvector, initcond = '');
--> statement-breakpoint

/* ── What is searched ───────────────────────────────────────────────────────────────────────────────────────── */

create view hd_searchable as
  select 'document' as kind, d.id, d.residence_id as scope, d.title,
    concat_ws(' ', d.item_name, d.model_number, d.serial_number, d.provider, nullif(array_to_string(d.tags, ' '), ''), (
      select string_agg(f.filename, ' ' order by f.id) from task_documentimage f where f.document_id = d.id)) as names,
    concat_ws(E'\n', d.description, d.notes, d.category, d.provider_contact) as notes,
    (select string_agg(f.text, E'\n' order by f.id) from task_documentimage f where f.document_id = d.id) as body
  from task_document d
  union all
  select 'task', t.id, t.residence_id, t.title, null, t.description, null from task_task t
  union all
  select 'contractor', c.id, coalesce(c.residence_id, -c.owner_id), c.name,
    concat_ws(' ', c.company, c.phone, regexp_replace(c.phone, '\D', '', 'g'), right(regexp_replace(c.phone, '\D', '', 'g'), 10), c.email, c.website, (
      select string_agg(s.name, ' ' order by s.display_order, s.id)
      from task_contractor_specialties k join task_contractorspecialty s on s.id = k.specialty_id where k.contractor_id = c.id)),
    concat_ws(E'\n', c.notes, concat_ws(', ', c.street_address, c.city, c.state_province, c.postal_code)), null
  from task_contractor c;
--> statement-breakpoint

-- Makes the entries of these rows anew; those of rows that are gone go. Unless it is `deep`, what was read from files stays.
create function hd_index(of_kind text, ids bigint[], deep boolean) returns void language sql security definer set search_path = public, pg_temp
begin atomic
  delete from search_entry e
  where e.kind = of_kind and e.entity_id = any (ids)
    and not exists (select from hd_searchable s where s.kind = of_kind and s.id = e.entity_id);
  with written as (
    insert into search_entry as kept (kind, entity_id, scope, head, body)
    select s.kind, s.id, s.scope, hd_head(s.title, s.names, s.notes), hd_body(case when deep then s.body end)
    from hd_searchable s where s.kind = of_kind and s.id = any (ids)
    on conflict (kind, entity_id) do update set scope = excluded.scope, head = excluded.head,
      body = case when deep then excluded.body else kept.body end
    returning kept.scope, kept.head, case when deep then kept.body end as body
  )
  insert into search_vocabulary as known (scope, words)
  select w.scope, hd_all_words(hd_vocabulary(w.head, w.body)) from written w group by w.scope order by w.scope
  on conflict (scope) do update set words = hd_grown(known.words, excluded.words)
  where known.words <> hd_grown(known.words, excluded.words);
end;
--> statement-breakpoint

-- Indexes what one statement has changed. Arguments: what is searched · the column with its id · the columns that matter.
create function hd_index_changed() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
  of_kind constant text := tg_argv[0];
  columns constant text[] := string_to_array(tg_argv[2], ',');
  ids bigint[];
begin
  execute case tg_op
    when 'INSERT' then format('select array_agg(distinct %I) from new_rows', tg_argv[1])
    when 'DELETE' then format('select array_agg(distinct %I) from old_rows', tg_argv[1])
    else format('select array_agg(distinct n.%I) from new_rows n join old_rows o using (id) where row(%s) is distinct from row(%s)',
      tg_argv[1], (select string_agg(format('n.%I', c), ',') from unnest(columns) c),
      (select string_agg(format('o.%I', c), ',') from unnest(columns) c))
  end into ids;
  if ids is null then return null; end if;
  if tg_op <> 'INSERT' then
    update search_vocabulary v set is_stale = true
    where not v.is_stale and v.scope in (select e.scope from search_entry e where e.kind = of_kind and e.entity_id = any (ids));
  end if;
  perform hd_index(of_kind, ids, tg_table_name = 'task_documentimage');
  return null;
end $$;
--> statement-breakpoint

create trigger search_insert after insert on task_document referencing new table as new_rows
  for each statement execute function hd_index_changed('document', 'id');
--> statement-breakpoint
create trigger search_update after update on task_document referencing old table as old_rows new table as new_rows
  for each statement execute function hd_index_changed('document', 'id',
    'residence_id,title,description,notes,category,tags,item_name,model_number,serial_number,provider,provider_contact');
--> statement-breakpoint
create trigger search_delete after delete on task_document referencing old table as old_rows
  for each statement execute function hd_index_changed('document', 'id');
--> statement-breakpoint
create trigger search_insert after insert on task_documentimage referencing new table as new_rows
  for each statement execute function hd_index_changed('document', 'document_id');
--> statement-breakpoint
create trigger search_update after update on task_documentimage referencing old table as old_rows new table as new_rows
  for each statement execute function hd_index_changed('document', 'document_id', 'filename,text');
--> statement-breakpoint
create trigger search_delete after delete on task_documentimage referencing old table as old_rows
  for each statement execute function hd_index_changed('document', 'document_id');
--> statement-breakpoint
create trigger search_insert after insert on task_task referencing new table as new_rows
  for each statement execute function hd_index_changed('task', 'id');
--> statement-breakpoint
create trigger search_update after update on task_task referencing old table as old_rows new table as new_rows
  for each statement execute function hd_index_changed('task', 'id', 'residence_id,title,description');
--> statement-breakpoint
create trigger search_delete after delete on task_task referencing old table as old_rows
  for each statement execute function hd_index_changed('task', 'id');
--> statement-breakpoint
create trigger search_insert after insert on task_contractor referencing new table as new_rows
  for each statement execute function hd_index_changed('contractor', 'id');
--> statement-breakpoint
create trigger search_update after update on task_contractor referencing old table as old_rows new table as new_rows
  for each statement execute function hd_index_changed('contractor', 'id',
    'residence_id,owner_id,name,company,phone,email,website,notes,street_address,city,state_province,postal_code');
--> statement-breakpoint
create trigger search_delete after delete on task_contractor referencing old table as old_rows
  for each statement execute function hd_index_changed('contractor', 'id');
--> statement-breakpoint
create trigger search_insert after insert on task_contractor_specialties referencing new table as new_rows
  for each statement execute function hd_index_changed('contractor', 'contractor_id');
--> statement-breakpoint
create trigger search_delete after delete on task_contractor_specialties referencing old table as old_rows
  for each statement execute function hd_index_changed('contractor', 'contractor_id');
--> statement-breakpoint

-- A specialty that is called otherwise.
create function hd_index_renamed() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform hd_index('contractor', array(
    select k.contractor_id from task_contractor_specialties k
    join new_rows n on n.id = k.specialty_id join old_rows o on o.id = n.id and o.name <> n.name), false);
  return null;
end $$;
--> statement-breakpoint
create trigger search_update after update on task_contractorspecialty referencing old table as old_rows new table as new_rows
  for each statement execute function hd_index_renamed();
--> statement-breakpoint

-- Makes the vocabularies of a few scopes anew in which words may have gone; answers of how many.
create function hd_renew_vocabularies(few int) returns int language plpgsql security definer set search_path = public, pg_temp as $$
declare
  scopes bigint[];
begin
  select array_agg(s.scope) into scopes
  from (select v.scope from search_vocabulary v where v.is_stale order by v.scope limit few for update skip locked) s;
  update search_vocabulary v set is_stale = false, words = (
    select hd_all_words(hd_vocabulary(e.head, e.body)) from search_entry e where e.scope = v.scope)
  where v.scope = any (scopes);
  delete from search_vocabulary v where v.scope = any (scopes) and v.words = '';
  return coalesce(cardinality(scopes), 0);
end $$;
--> statement-breakpoint

/* ── What is asked ──────────────────────────────────────────────────────────────────────────────────────────── */

-- The stem of a word; null for one that says nothing.
create function hd_stem(word text) returns text language sql immutable strict parallel safe
return (tsvector_to_array(to_tsvector('public.hd_stems', word)))[1];
--> statement-breakpoint

-- The letters of a word in their order, by which two that were only swapped are known.
create function hd_letters(word text) returns text language sql immutable strict parallel safe
return (select string_agg(letter, '' order by letter collate "C") from regexp_split_to_table(word, '') letter);
--> statement-breakpoint

-- Words that stand beside each other as a query, the last one perhaps only begun, in places of these weights ('' for any).
create function hd_beside(words text[], is_begun boolean, weights text) returns text language sql immutable parallel safe
return (
  select string_agg(word || case when flags = '' then '' else ':' || flags end, ' <-> ' order by place)
  from unnest(words) with ordinality w (word, place),
    lateral (select weights || case when is_begun and place = cardinality(words) then '*' else '' end as flags) f
);
--> statement-breakpoint

-- A word or words in each way that they may be found: anywhere · in the title as they are · in the title · there or in the
-- names · there or in the notes.
create function hd_forms(words text[], stem text, is_begun boolean) returns tsquery[] language sql immutable parallel safe
return (
  select array_agg((hd_beside(words, is_begun and place <> 2, weights) || coalesce(' | ' || hd_beside(array[stem], false, weights), ''))::tsquery order by place)
  from unnest(array['', 'A', 'A', 'AB', 'ABC']) with ordinality w (weights, place)
);
--> statement-breakpoint

-- One of several words in the same ways, for a word that nothing has.
create function hd_instead(words text[]) returns tsquery[] language sql immutable parallel safe
return (
  select array_agg((select string_agg(hd_beside(array[word], false, weights), ' | ') from unnest(words) word)::tsquery order by place)
  from unnest(array['', 'A', 'A', 'AB', 'ABC']) with ordinality w (weights, place)
);
--> statement-breakpoint

/* ── What is found ──────────────────────────────────────────────────────────────────────────────────────────── */

-- Text for a page: escaped, and what a query found in it between <mark> and </mark>. Control characters, of which none is
-- let through, stand for the marks until all else is escaped, and cut names of files and addresses into their words.
create function hd_marked(given text, query tsquery) returns text language sql immutable parallel safe
begin atomic
  select replace(replace(
    replace(replace(replace(replace(replace(replace(replace(f.found, E'\x03', ''), E'\x02\x01', ''), '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;'), '''', '&#39;'),
    E'\x01', '<mark>'), E'\x02', '</mark>')
  from (select ts_headline('hd_stems',
    regexp_replace(
      regexp_replace(normalize(given, NFC), '[\x01-\x08\x0e-\x1f]', '', 'g'),
      '([^[:alnum:][:space:]]|[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff])'
        collate "pg_c_utf8", E'\x03\\1\x03', 'g'),
    query, E'HighlightAll=true, StartSel="\x01", StopSel="\x02"') as found) f;
end;
--> statement-breakpoint

-- The part of a text around the first of some beginnings of words.
create function hd_excerpt(given text, beginnings text[]) returns text language sql immutable parallel safe
begin atomic
  select case when a.place > 61 then '…' else '' end
    || btrim(regexp_replace(regexp_replace(substr(given, greatest(1, a.place - 60), 240),
      case when a.place > 61 then '^\S*\s' else '^\s' end, ''), '\s+', ' ', 'g'))
    || case when length(given) > greatest(1, a.place - 60) + 240 then '…' else '' end
  from (select coalesce(min(nullif(strpos(small, beginning), 0)), 1) as place
        from (select lower(public.unaccent('public.unaccent', given) collate "pg_c_utf8") as small offset 0) s, unnest(beginnings) beginning) a;
end;
--> statement-breakpoint

revoke insert, update, delete on search_entry, search_vocabulary from honeydue_app;
revoke execute on function hd_index(text, bigint[], boolean) from public;
--> statement-breakpoint

-- Of what there is already.
select hd_index('document', array(select id from task_document), true);
select hd_index('task', array(select id from task_task), true);
select hd_index('contractor', array(select id from task_contractor), true);
