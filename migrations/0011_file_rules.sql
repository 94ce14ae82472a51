-- What files and documents need that Drizzle cannot say.

-- A document's task and contractor are of its home; one that is deleted leaves the document without it.
alter table task_document add constraint task_document_task_is_of_home
  foreign key (residence_id, task_id) references task_task (residence_id, id) on delete set null (task_id);
alter table task_document add constraint task_document_contractor_is_of_home
  foreign key (residence_id, contractor_id) references task_contractor (residence_id, id) on delete set null (contractor_id);
--> statement-breakpoint

create trigger touch before update on task_document for each row execute function hd_touch();
create trigger touch before update on task_documentimage for each row execute function hd_touch();
create trigger touch before update on contact_apikey for each row execute function hd_touch();
create trigger touch before update on contact_message for each row execute function hd_touch();
create trigger touch before update on long_job for each row execute function hd_touch();
--> statement-breakpoint

create trigger record_insert after insert on task_document referencing new table as new_rows
  for each statement execute function hd_record('document', 'residence_id', 'id', '', '');
--> statement-breakpoint
create trigger record_update after update on task_document referencing old table as old_rows new table as new_rows
  for each statement execute function hd_record('document', 'residence_id', 'id', 'document_type,purchase_date,starts_on,ends_on', '');
--> statement-breakpoint
create trigger record_delete after delete on task_document referencing old table as old_rows
  for each statement execute function hd_record('document', 'residence_id', 'id', '', '');
--> statement-breakpoint
create trigger record_insert after insert on task_documentimage referencing new table as new_rows
  for each statement execute function hd_record('document_file', 'residence_id', 'id', '', '');
--> statement-breakpoint
create trigger record_update after update on task_documentimage referencing old table as old_rows new table as new_rows
  for each statement execute function hd_record('document_file', 'residence_id', 'id', 'content_type,text_status', 'text');
--> statement-breakpoint
create trigger record_delete after delete on task_documentimage referencing old table as old_rows
  for each statement execute function hd_record('document_file', 'residence_id', 'id', '', '');
--> statement-breakpoint
create trigger record_insert after insert on contact_apikey referencing new table as new_rows
  for each statement execute function hd_record('contact_key', '', 'id', '', '');
--> statement-breakpoint
create trigger record_update after update on contact_apikey referencing old table as old_rows new table as new_rows
  for each statement execute function hd_record('contact_key', '', 'id', 'revoked_at', '');
--> statement-breakpoint
create trigger record_insert after insert on contact_message referencing new table as new_rows
  for each statement execute function hd_record('contact_message', '', 'id', '', '');
--> statement-breakpoint
create trigger record_update after update on contact_message referencing old table as old_rows new table as new_rows
  for each statement execute function hd_record('contact_message', '', 'id', 'status', 'mailed_at');
--> statement-breakpoint
create trigger record_delete after delete on contact_message referencing old table as old_rows
  for each statement execute function hd_record('contact_message', '', 'id', '', '');
--> statement-breakpoint
create trigger record_insert after insert on long_job referencing new table as new_rows
  for each statement execute function hd_record('long_job', '', 'id', '', '');
--> statement-breakpoint
create trigger record_delete after delete on long_job referencing old table as old_rows
  for each statement execute function hd_record('long_job', '', 'id', '', '');
--> statement-breakpoint

-- How many of a kind a user's own homes hold, and the user personally.
create or replace function hd_usage(of_user bigint, kind text) returns bigint language sql stable
begin atomic
  with homes as (
    select m.residence_id from hd_membership m where m.user_id = of_user and m.role = 'owner'
  )
  select case kind
    when 'residences' then (select count(*) from homes)
    when 'tasks' then (select count(*) from task_task t join homes using (residence_id))
    when 'contractors' then
      (select count(*) from task_contractor c where c.owner_id = of_user)
      + (select count(*) from task_contractor c join homes using (residence_id))
    when 'documents' then (select count(*) from task_document d join homes using (residence_id))
    else 0 end;
end;
--> statement-breakpoint

/* ── Objects in storage ─────────────────────────────────────────────────────────────────────────────────────── */

-- Every object that a row names: what is not here may go.
create view hd_named_object as
  select object_key, version_id from task_taskcompletionimage
  union all select object_key, version_id from task_documentimage
  union all select object_key, version_id from storage_variant
  union all select object_key, version_id from long_job where object_key is not null
  union all select object_key, null from pending_uploads;
--> statement-breakpoint

-- Has the objects deleted that the rows of one statement were the last to name, and what was made of them. A row that
-- takes an object over is there before this looks.
create function hd_discard() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
  gone jsonb;
begin
  select jsonb_agg(r) into gone
  from (select to_jsonb(o) as r from old_rows o) rows
  where r ->> 'object_key' is not null
    and not exists (select from hd_named_object n where n.object_key = r ->> 'object_key');
  if gone is null then return null; end if;
  insert into outbox (event, queue)
  select jsonb_build_object('type', 'file.discarded', 'object_key', object_key, 'version_id', version_id), 'maintenance'
  from jsonb_to_recordset(gone) as g (object_key text, version_id text);
  delete from storage_variant where source_key in (select g.object_key from jsonb_to_recordset(gone) as g (object_key text));
  return null;
end $$;
--> statement-breakpoint

create trigger discard_update after update on task_taskcompletionimage referencing old table as old_rows
  for each statement execute function hd_discard();
create trigger discard_delete after delete on task_taskcompletionimage referencing old table as old_rows
  for each statement execute function hd_discard();
create trigger discard_update after update on task_documentimage referencing old table as old_rows
  for each statement execute function hd_discard();
create trigger discard_delete after delete on task_documentimage referencing old table as old_rows
  for each statement execute function hd_discard();
create trigger discard_delete after delete on storage_variant referencing old table as old_rows
  for each statement execute function hd_discard();
create trigger discard_update after update on long_job referencing old table as old_rows
  for each statement execute function hd_discard();
create trigger discard_delete after delete on long_job referencing old table as old_rows
  for each statement execute function hd_discard();
create trigger discard_delete after delete on pending_uploads referencing old table as old_rows
  for each statement execute function hd_discard();
--> statement-breakpoint

-- Has the files prepared that one statement has added: verified, freed of where a photo was taken, made smaller, read.
-- Argument: what they are files of.
create function hd_prepare() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into outbox (event, queue)
  select jsonb_build_object('type', 'file.added', 'kind', tg_argv[0], 'file_id', n.id), 'long' from new_rows n order by n.id;
  return null;
end $$;
--> statement-breakpoint
create trigger prepare after insert on task_taskcompletionimage referencing new table as new_rows
  for each statement execute function hd_prepare('completion');
create trigger prepare after insert on task_documentimage referencing new table as new_rows
  for each statement execute function hd_prepare('document');
--> statement-breakpoint

-- Whether there is text to be found in a file of a type, for a row that is new.
create function hd_text_status(content_type text) returns text language sql immutable
return case when content_type in ('application/pdf', 'text/plain', 'text/csv') then 'pending' else 'none' end;
--> statement-breakpoint

-- Makes files of a completion or a document out of uploads of whoever acts, which were found in storage in these
-- versions: all of them, or HD422 and none.
create function hd_claim_uploads(kind text, parent bigint, uploads bigint[], versions text[]) returns void language plpgsql as $$
declare
  claimed int;
begin
  if kind = 'completion' then
    with taken as (
      delete from pending_uploads p using unnest(uploads, versions) with ordinality as wanted (id, version_id, place)
      where p.id = wanted.id and p.user_id = hd_me() and p.category = kind
      returning p.*, wanted.version_id, wanted.place
    )
    insert into task_taskcompletionimage
      (completion_id, residence_id, object_key, version_id, filename, content_type, size, sha256, uploaded_by_id)
    select d.id, d.residence_id, t.object_key, t.version_id, t.filename, t.content_type, t.content_length, t.sha256, t.user_id
    from taken t, task_taskcompletion d where d.id = parent order by t.place;
  else
    with taken as (
      delete from pending_uploads p using unnest(uploads, versions) with ordinality as wanted (id, version_id, place)
      where p.id = wanted.id and p.user_id = hd_me() and p.category = kind
      returning p.*, wanted.version_id, wanted.place
    )
    insert into task_documentimage
      (document_id, residence_id, object_key, version_id, filename, content_type, size, sha256, uploaded_by_id, text_status)
    select d.id, d.residence_id, t.object_key, t.version_id, t.filename, t.content_type, t.content_length, t.sha256, t.user_id,
      hd_text_status(t.content_type)
    from taken t, task_document d where d.id = parent order by t.place;
  end if;
  get diagnostics claimed = row_count;
  if claimed <> cardinality(uploads) then raise exception 'upload_not_found' using errcode = 'HD422'; end if;
end $$;
--> statement-breakpoint

-- Ends the batch with HD429 if whoever acts has asked for too many uploads within the hour, or has too many that nothing
-- has claimed. Counted under a lock on their row, so that many at once are no more than many in turn.
create function hd_make_room_for_upload(per_hour int, unclaimed int) returns void language plpgsql as $$
declare
  opened constant timestamptz := date_bin('1 hour', now(), 'epoch');
  used int;
begin
  perform from auth_user where id = hd_me() for no key update;
  if (select count(*) from pending_uploads p where p.user_id = hd_me() and p.expires_at > now()) >= unclaimed then
    raise exception 'too_many_uploads' using errcode = 'HD429', detail = json_build_object('retry_after_s', 60)::text;
  end if;
  insert into rate_counter as kept (subject, window_start, count) values ('presign:' || hd_me(), opened, 1)
  on conflict (subject, window_start) do update set count = kept.count + 1
  returning count into used;
  if used > per_hour then
    raise exception 'too_many_uploads' using errcode = 'HD429', detail = json_build_object('retry_after_s',
      ceil(extract(epoch from opened + interval '1 hour' - now())))::text;
  end if;
end $$;
