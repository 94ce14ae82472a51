-- The household's rules that Drizzle cannot say.

-- A task's contractor is one of its home; a contractor who is deleted leaves the task without one.
alter table task_task add constraint task_task_contractor_is_of_home
  foreign key (residence_id, contractor_id) references task_contractor (residence_id, id)
  on delete set null (contractor_id);
--> statement-breakpoint

create trigger touch before update on residence_residencesharecode for each row execute function hd_touch();
create trigger touch before update on task_contractor for each row execute function hd_touch();
create trigger touch before update on task_taskskip for each row execute function hd_touch();
create trigger touch before update on task_taskcompletionimage for each row execute function hd_touch();
create trigger touch before update on task_tasktemplate for each row execute function hd_touch();
create trigger touch before update on app_setting for each row execute function hd_touch();
create trigger touch before update on subscription_subscriptionsettings for each row execute function hd_touch();
create trigger touch before update on subscription_tierlimits for each row execute function hd_touch();
create trigger touch before update on subscription_usersubscription for each row execute function hd_touch();
create trigger touch before update on subscription_transaction for each row execute function hd_touch();
--> statement-breakpoint

-- Writes the audit rows of one statement and, for what lives in a home, raises its version and logs the change.
-- Arguments: what the rows are · the column with their home ('' for none) · the column with their id ·
-- text columns that say nothing personal · columns that only follow from other tables. What was somebody's own and is
-- given to a home is new to that home; nothing ever moves from one home to another. What is veiled is keyed by the home, or
-- by whose own it is.
create or replace function hd_record() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
  kind constant text := tg_argv[0];
  home_column constant text := tg_argv[1];
  id_column constant text := tg_argv[2];
  clear constant text[] := string_to_array(tg_argv[3], ',');
  derived constant text[] := string_to_array(tg_argv[4], ',') || array['row_version', 'updated_at'];
  facts jsonb;
begin
  if tg_op = 'INSERT' then
    select jsonb_agg(jsonb_build_object('id', r -> id_column, 'home', r -> home_column, 'action', 'created'))
    into facts from (select to_jsonb(n) as r from new_rows n) rows;
  elsif tg_op = 'DELETE' then
    select jsonb_agg(jsonb_build_object('id', r -> id_column, 'home', r -> home_column, 'action', 'deleted'))
    into facts from (select to_jsonb(o) as r from old_rows o) rows;
  else
    select jsonb_agg(jsonb_build_object(
      'id', a -> id_column, 'home', a -> home_column,
      'action', case when b ->> 'deleted_at' is null and a ->> 'deleted_at' is not null then 'deleted'
                     when b ->> 'deleted_at' is not null and a ->> 'deleted_at' is null then 'restored'
                     when b ->> home_column is null and a ->> home_column is not null then 'shared'
                     else 'updated' end,
      'changed', hd_difference(b, a, derived, clear, coalesce(
        (select hash_key from residence_residence where id = (a ->> nullif(home_column, ''))::bigint),
        (select hash_key from auth_user where id = coalesce(
          a ->> 'owner_id', a ->> 'user_id', case kind when 'user' then a ->> id_column end)::bigint), ''))))
    into facts
    from (select to_jsonb(o) as b from old_rows o) olds
    join (select to_jsonb(n) as a from new_rows n) news
      on b -> id_column = a -> id_column
        and (b ->> home_column is null or b -> home_column is not distinct from a -> home_column);
  end if;
  if facts is null then return null; end if;

  insert into audit_log (actor_type, actor_id, action, target_type, target_id, residence_id, changed, request_id, address)
  select case when hd_me() is null then 'system' else 'user' end, hd_me(), f.action, kind, f.id, f.home, f.changed,
         nullif(current_setting('hd.request_id', true), ''), nullif(current_setting('hd.address', true), '')
  from jsonb_to_recordset(facts) as f (id bigint, home bigint, action text, changed jsonb)
  where f.action <> 'updated' or f.changed is not null;

  if home_column = '' then return null; end if;
  perform hd_raise(array(select distinct f.home from jsonb_to_recordset(facts) as f (home bigint)));
  insert into change_log as logged (residence_id, version, n, type, action, entity_id)
  select f.home, v.version,
         coalesce((select max(n) from change_log c where c.residence_id = f.home and c.version = v.version), 0)
           + row_number() over (partition by f.home order by f.id),
         kind, case when f.action in ('restored', 'shared') then 'created' else f.action end, f.id
  from jsonb_to_recordset(facts) as f (id bigint, home bigint, action text)
  join residence_version v on v.residence_id = f.home
  on conflict (residence_id, version, type, entity_id)
  do update set action = 'deleted' where excluded.action = 'deleted';
  return null;
end $$;
--> statement-breakpoint

create trigger record_insert after insert on residence_residencesharecode referencing new table as new_rows
  for each statement execute function hd_record('share_code', 'residence_id', 'id', '', '');
--> statement-breakpoint
create trigger record_update after update on residence_residencesharecode referencing old table as old_rows new table as new_rows
  for each statement execute function hd_record('share_code', 'residence_id', 'id', 'role,expires_at,spent_at', '');
--> statement-breakpoint
create trigger record_delete after delete on residence_residencesharecode referencing old table as old_rows
  for each statement execute function hd_record('share_code', 'residence_id', 'id', '', '');
--> statement-breakpoint
create trigger record_insert after insert on task_contractor referencing new table as new_rows
  for each statement execute function hd_record('contractor', 'residence_id', 'id', '', '');
--> statement-breakpoint
create trigger record_update after update on task_contractor referencing old table as old_rows new table as new_rows
  for each statement execute function hd_record('contractor', 'residence_id', 'id', '', '');
--> statement-breakpoint
create trigger record_delete after delete on task_contractor referencing old table as old_rows
  for each statement execute function hd_record('contractor', 'residence_id', 'id', '', '');
--> statement-breakpoint
create trigger record_insert after insert on task_taskskip referencing new table as new_rows
  for each statement execute function hd_record('skip', 'residence_id', 'id', '', '');
--> statement-breakpoint
create trigger record_delete after delete on task_taskskip referencing old table as old_rows
  for each statement execute function hd_record('skip', 'residence_id', 'id', '', '');
--> statement-breakpoint
create trigger record_insert after insert on task_taskcompletionimage referencing new table as new_rows
  for each statement execute function hd_record('completion_image', 'residence_id', 'id', '', '');
--> statement-breakpoint
create trigger record_update after update on task_taskcompletionimage referencing old table as old_rows new table as new_rows
  for each statement execute function hd_record('completion_image', 'residence_id', 'id', '', '');
--> statement-breakpoint
create trigger record_delete after delete on task_taskcompletionimage referencing old table as old_rows
  for each statement execute function hd_record('completion_image', 'residence_id', 'id', '', '');
--> statement-breakpoint
create trigger record_insert after insert on user_socialaccount referencing new table as new_rows
  for each statement execute function hd_record('social_account', '', 'id', '', '');
--> statement-breakpoint
create trigger record_delete after delete on user_socialaccount referencing old table as old_rows
  for each statement execute function hd_record('social_account', '', 'id', '', '');
--> statement-breakpoint
create trigger record_insert after insert on subscription_usersubscription referencing new table as new_rows
  for each statement execute function hd_record('subscription', '', 'user_id', '', '');
--> statement-breakpoint
create trigger record_update after update on subscription_usersubscription referencing old table as old_rows new table as new_rows
  for each statement execute function hd_record('subscription', '', 'user_id', 'tier,platform,product_id,status,expires_at,trial_ends_at', '');
--> statement-breakpoint
create trigger record_delete after delete on subscription_usersubscription referencing old table as old_rows
  for each statement execute function hd_record('subscription', '', 'user_id', '', '');
--> statement-breakpoint
create trigger record_insert after insert on subscription_subscriptionsettings referencing new table as new_rows
  for each statement execute function hd_record('subscription_settings', '', 'id', '', '');
--> statement-breakpoint
create trigger record_update after update on subscription_subscriptionsettings referencing old table as old_rows new table as new_rows
  for each statement execute function hd_record('subscription_settings', '', 'id', '', '');
--> statement-breakpoint
create trigger record_delete after delete on subscription_subscriptionsettings referencing old table as old_rows
  for each statement execute function hd_record('subscription_settings', '', 'id', '', '');
--> statement-breakpoint
create trigger record_insert after insert on app_setting referencing new table as new_rows
  for each statement execute function hd_record('app_setting', '', 'id', '', '');
--> statement-breakpoint
create trigger record_update after update on app_setting referencing old table as old_rows new table as new_rows
  for each statement execute function hd_record('app_setting', '', 'id', 'min_app_version', '');
--> statement-breakpoint
create trigger record_delete after delete on app_setting referencing old table as old_rows
  for each statement execute function hd_record('app_setting', '', 'id', '', '');
--> statement-breakpoint
create trigger record_insert after insert on task_tasktemplate referencing new table as new_rows
  for each statement execute function hd_record('template', '', 'id', '', '');
--> statement-breakpoint
create trigger record_update after update on task_tasktemplate referencing old table as old_rows new table as new_rows
  for each statement execute function hd_record('template', '', 'id', 'title,description', '');
--> statement-breakpoint
create trigger record_delete after delete on task_tasktemplate referencing old table as old_rows
  for each statement execute function hd_record('template', '', 'id', '', '');
--> statement-breakpoint

-- Of what a contractor does, and of who may read a calendar, the log names the act: neither row is ever changed.
create trigger record_insert after insert on task_contractor_specialties referencing new table as new_rows
  for each statement execute function hd_record('contractor_specialty', '', 'contractor_id', '', '');
--> statement-breakpoint
create trigger record_delete after delete on task_contractor_specialties referencing old table as old_rows
  for each statement execute function hd_record('contractor_specialty', '', 'contractor_id', '', '');
--> statement-breakpoint
create trigger record_insert after insert on calendar_feed referencing new table as new_rows
  for each statement execute function hd_record('calendar_feed', '', 'id', '', '');
--> statement-breakpoint
create trigger record_delete after delete on calendar_feed referencing old table as old_rows
  for each statement execute function hd_record('calendar_feed', '', 'id', '', '');
--> statement-breakpoint

/* ── What an operator decides ───────────────────────────────────────────────────────────────────────────────── */

insert into app_setting default values;
insert into subscription_subscriptionsettings default values;
insert into subscription_tierlimits (tier, residences, tasks, contractors, documents)
values ('free', 1, 10, 3, 3), ('pro', null, null, null, null);
--> statement-breakpoint

-- Turns away apps that are too old (HD426) and, while the operator has switched writing off, writes (HD503). Versions are
-- compared number by number; zeros at the end say nothing.
create function hd_admit(app_version text, is_write boolean) returns void language plpgsql stable as $$
declare
  ruling app_setting;
begin
  select * into ruling from app_setting;
  if hd_version(app_version) < hd_version(ruling.min_app_version) then
    raise exception 'upgrade_required' using errcode = 'HD426';
  end if;
  if is_write and ruling.is_read_only then raise exception 'read_only' using errcode = 'HD503'; end if;
end $$;
--> statement-breakpoint

create function hd_version(version text) returns int[] language sql immutable
return string_to_array(regexp_replace(version, '(\.0+)+$', ''), '.')::int[];
--> statement-breakpoint

/* ── Tiers ──────────────────────────────────────────────────────────────────────────────────────────────────── */

create function hd_tier(of_user bigint) returns text language sql stable
return (
  select case when s.is_free or (s.tier = 'pro' and (s.expires_at is null or s.expires_at > now()))
           or now() < coalesce(s.trial_ends_at, u.created_at + make_interval(days => c.trial_days)) then 'pro' else 'free' end
  from auth_user u cross join subscription_subscriptionsettings c
  left join subscription_usersubscription s on s.user_id = u.id
  where u.id = of_user
);
--> statement-breakpoint

-- How many of a kind a user's own homes hold, and the user personally.
create function hd_usage(of_user bigint, kind text) returns bigint language sql stable
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
    else 0 end;
end;
--> statement-breakpoint

-- Ends the batch with HD403 tier_limit_reached if `added` more would be above what the payer's tier allows. The payer is
-- the owner of the home, or whoever acts if it is about no home; their row stays locked, so that nobody counts beside it.
create function hd_make_room(kind text, home bigint, added int) returns void language plpgsql as $$
declare
  payer bigint;
  cap int;
  used bigint;
begin
  if not (select limitations_enabled from subscription_subscriptionsettings) then return; end if;
  select user_id into payer from residence_residence_users where residence_id = home and role = 'owner';
  payer := coalesce(payer, hd_me());
  perform from auth_user where id = payer for no key update;
  select case kind when 'residences' then l.residences when 'tasks' then l.tasks
                   when 'contractors' then l.contractors when 'documents' then l.documents end
  into cap from subscription_tierlimits l where l.tier = hd_tier(payer);
  used := hd_usage(payer, kind);
  if used + added > cap then
    raise exception 'tier_limit_reached' using errcode = 'HD403',
      detail = json_build_object('kind', kind, 'limit', cap, 'usage', used)::text;
  end if;
end $$;
--> statement-breakpoint

/* ── Joining and returning ──────────────────────────────────────────────────────────────────────────────────── */

-- Whoever acts joins the home of a share code. Of many who come at once with a code that is good once, the first to lock
-- its row joins, and the others find it spent (HD410).
create function hd_join(share_code text) returns bigint language plpgsql as $$
declare
  home bigint;
  found_code residence_residencesharecode;
begin
  select c.residence_id into home from residence_residencesharecode c
  join residence_residence r on r.id = c.residence_id and r.deleted_at is null where c.code = share_code;
  if not found then raise exception 'not_found' using errcode = 'HD404'; end if;
  perform hd_raise(array[home]);
  select * into found_code from residence_residencesharecode where code = share_code for update;
  if not found then raise exception 'not_found' using errcode = 'HD404'; end if;
  if exists (select from residence_residence_users where residence_id = home and user_id = hd_me()) then
    raise exception 'already_member' using errcode = 'HD409';
  end if;
  if found_code.spent_at is not null or found_code.expires_at <= now() then
    raise exception 'share_code_spent' using errcode = 'HD410';
  end if;
  insert into residence_residence_users (residence_id, user_id, role) values (home, hd_me(), found_code.role);
  if found_code.one_time then
    update residence_residencesharecode set spent_at = now(), spent_by_id = hd_me() where id = found_code.id;
  end if;
  return home;
end $$;
--> statement-breakpoint

-- Brings back a home that its owner, who acts, deleted in the last 30 days.
create function hd_restore_residence(home bigint) returns void language plpgsql as $$
begin
  perform from residence_residence r join residence_residence_users m on m.residence_id = r.id
  where r.id = home and m.user_id = hd_me() and m.role = 'owner' and r.deleted_at > now() - interval '30 days'
  for update of r;
  if not found then raise exception 'not_found' using errcode = 'HD404'; end if;
  perform hd_make_room('residences', null, 1);
  update residence_residence set deleted_at = null where id = home;
end $$;
--> statement-breakpoint

/* ── Photos ─────────────────────────────────────────────────────────────────────────────────────────────────── */

-- Makes photos of a completion out of uploads of whoever acts: all of them, or HD422 and none.
create function hd_claim_photos(completion bigint, uploads bigint[]) returns void language plpgsql as $$
declare
  claimed int;
begin
  with taken as (
    delete from pending_uploads p using unnest(uploads) with ordinality as wanted (id, place)
    where p.id = wanted.id and p.user_id = hd_me() and p.category = 'completion'
    returning p.*, wanted.place
  )
  insert into task_taskcompletionimage (completion_id, residence_id, object_key, content_type, size, sha256)
  select d.id, d.residence_id, t.object_key, t.content_type, t.content_length, t.sha256
  from taken t, task_taskcompletion d where d.id = completion order by t.place;
  get diagnostics claimed = row_count;
  if claimed <> cardinality(uploads) then raise exception 'upload_not_found' using errcode = 'HD422'; end if;
end $$;
--> statement-breakpoint

revoke insert, delete on app_setting, subscription_subscriptionsettings, subscription_tierlimits from honeydue_app;
