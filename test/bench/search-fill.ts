const pagesOf = (documents: number): number => documents / 200;

/** Homes of a hundred papers each, past every trigger: one in three has a page of text inside. Then they are indexed as triggers would. */
export const fillOf = (homes: number, documents: number): string => `
  set session_replication_role = replica;
  create table bench_word as
    select n, (array['ba','ce','di','fo','gu','ha','je','ki','lo','mu','na','pe','ri','so','tu','va','we','xi','yo','zu'])[1 + n % 20]
      || (array['ran','ten','lin','mor','sut','dal','ber','nip','kov','gum'])[1 + n / 20 % 10]
      || (array['da','er','is','on','ul','ak','et','im','or','us'])[1 + n / 200 % 10]
      || (array['','ing','tion','ment','er','able','s','ed','ic','al'])[1 + n / 2000 % 10] as word
    from generate_series(0, 19999) n;
  create index on bench_word (n);
  create table bench_page as
    select p, string_agg(w.word, ' ') as text, hd_body(string_agg(w.word, ' ')) as words
    from generate_series(0, ${pagesOf(documents) - 1}) p, generate_series(1, 120) i,
      lateral (select floor(20000 * power(random() + 0 * (p + i), 3))::int as n) r join bench_word w using (n) group by p;
  create index on bench_page (p);

  insert into auth_user (username, email, password_hash, is_verified)
    select 'user' || n, 'user' || n || '@example.com', '-', true from generate_series(1, ${homes}) n;
  insert into user_authtoken (user_id, digest) select n, 'digest' || n from generate_series(1, ${homes}) n;
  insert into residence_residence (name) select 'Home ' || n from generate_series(1, ${homes}) n;
  insert into residence_version (residence_id, version, raised_by) select id, 1, '3' from residence_residence;
  insert into residence_residence_users (residence_id, user_id, role)
    select n, n, 'owner' from generate_series(1, ${homes}) n;
  -- User n sees n % 10 homes besides their own.
  insert into residence_residence_users (residence_id, user_id, role)
    select 1 + (n * 7 + k * 131) % ${homes}, n, 'member' from generate_series(1, ${homes}) n, generate_series(1, n % 10) k
    on conflict do nothing;
  insert into task_document (residence_id, title, document_type, item_name, provider, notes)
    select 1 + i % ${homes},
      (array['Dishwasher','Furnace','Roof','Water heater','Fridge','Garage door','Boiler','Gutter','Chimney','Sprinkler',
        'Thermostat','Microwave','Washing machine','Dryer','Window','Solar panel','Septic tank','Fireplace','Carpet','Alarm'])[1 + i / ${homes} % 20]
      || ' ' || (array['warranty','manual','receipt','inspection','insurance'])[1 + i / 7 % 5] || ' ' || w.word,
      (array['warranty','manual','receipt','inspection','insurance'])[1 + i / 7 % 5], v.word, u.word, 'Bought with ' || v.word || ' and ' || u.word
    from generate_series(1, ${documents}) i
    join bench_word w on w.n = i * 31 % 20000 join bench_word v on v.n = i * 17 % 5000 join bench_word u on u.n = i * 13 % 800;
  insert into task_documentimage (document_id, residence_id, object_key, filename, content_type, size, text)
    select d.id, d.residence_id, 'key' || d.id, replace(lower(d.title), ' ', '_') || '.pdf', 'application/pdf', 1,
      case when d.id % 3 = 0 then p.text end
    from task_document d left join bench_page p on p.p = d.id * 7 % ${pagesOf(documents)};
  insert into task_task (residence_id, title, description)
    select 1 + i % ${homes}, 'Clean the ' || w.word, 'With ' || v.word from generate_series(1, ${documents / 10}) i
    join bench_word w on w.n = i * 31 % 20000 join bench_word v on v.n = i * 17 % 5000;
  insert into task_contractor (residence_id, name, company, phone)
    select 1 + i % ${homes}, 'Ada ' || w.word, w.word || ' Heating', '+1 512 555 0100' from generate_series(1, ${documents / 50}) i
    join bench_word w on w.n = i * 31 % 20000;
  set session_replication_role = origin;
  analyze`;

/** What hd_index makes of them, for one part of the homes: what is inside the files was cut into words only once. */
export const indexOf = (documents: number, part = 0, parts = 1): string => `
  insert into search_entry (kind, entity_id, scope, head, body)
    select s.kind, s.id, s.scope, hd_head(s.title, s.names, s.notes),
      case when s.kind = 'document' and s.id % 3 = 0 then p.words end
    from hd_searchable s left join bench_page p on s.kind = 'document' and p.p = s.id * 7 % ${pagesOf(documents)}
    where s.scope % ${parts} = ${part};
  insert into search_vocabulary (scope, words)
    select e.scope, hd_all_words(hd_vocabulary(e.head, e.body)) from search_entry e where e.scope % ${parts} = ${part} group by e.scope`;

/** How many entries of some homes are not what hd_index would make of them. */
export const DIFFERENCES = `
  select count(*)::int as entries,
    (count(*) filter (where e.head <> hd_head(s.title, s.names, s.notes) or e.body is distinct from hd_body(s.body)))::int as different
  from search_entry e join hd_searchable s on s.kind = e.kind and s.id = e.entity_id where e.scope <= 20`;
