-- What Drizzle cannot say: the app's role, the guard of every write, and the triggers that nobody can forget.

-- The role the API and the jobs use. The operator gives it a password and the right to log in (docs/runbook.md).
do $$ begin
  if not exists (select from pg_roles where rolname = 'honeydue_app') then create role honeydue_app nologin; end if;
end $$;
--> statement-breakpoint
alter role honeydue_app set statement_timeout = '2500ms';
alter role honeydue_app set lock_timeout = '1s';
alter role honeydue_app set idle_in_transaction_session_timeout = '5s';
alter role honeydue_app set timezone = 'UTC';
--> statement-breakpoint

-- An assignee is a member of the task's home; one who leaves it leaves the task unassigned.
alter table task_task add constraint task_task_assignee_is_member
  foreign key (residence_id, assigned_to_id) references residence_residence_users (residence_id, user_id)
  on delete set null (assigned_to_id);
--> statement-breakpoint

/* ── Words for time ─────────────────────────────────────────────────────────────────────────────────────────── */

create function hd_moment(at timestamptz) returns text language sql stable parallel safe
return to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');
--> statement-breakpoint

-- The civil date in a zone: an IANA name, or ±hh:mm counted east (as text PostgreSQL would count it west).
-- A name that this server's tables do not know counts as UTC rather than failing the request.
create function hd_today(at timestamptz, zone text) returns date language plpgsql stable parallel safe as $$
begin
  if zone ~ '^[+-]\d\d:\d\d$' then return (at at time zone zone::interval)::date; end if;
  return (at at time zone zone)::date;
exception when invalid_parameter_value then
  return (at at time zone 'UTC')::date;
end $$;
--> statement-breakpoint

/* ── Who is asking ──────────────────────────────────────────────────────────────────────────────────────────── */

create function hd_context(request_id text, address text) returns void language sql
begin atomic
  select set_config('hd.request_id', coalesce(request_id, ''), true), set_config('hd.address', coalesce(address, ''), true);
end;
--> statement-breakpoint

create function hd_act_as(user_id bigint) returns void language sql
begin atomic
  select set_config('hd.actor_id', user_id::text, true);
end;
--> statement-breakpoint

create function hd_me() returns bigint language sql stable
return nullif(current_setting('hd.actor_id', true), '')::bigint;
--> statement-breakpoint

-- Locks the homes and raises their versions, once in a transaction and always in the same order.
create function hd_raise(homes bigint[]) returns void language sql security definer set search_path = public, pg_temp as $$
  with locked as (
    select residence_id from residence_version
    where residence_id = any (homes) and raised_by <> pg_current_xact_id()
    order by residence_id for update
  )
  update residence_version v set version = v.version + 1, raised_by = pg_current_xact_id()
  from locked where v.residence_id = locked.residence_id;
$$;
--> statement-breakpoint

-- The guard: the first statement of every write of a signed-in user. It answers who is writing, or raises what ends
-- the whole batch: HD401 no session, HD403 not verified or not the role, HD404 not a member. The home's version row
-- stays locked until the end, so that a role, a limit or a row read after it cannot change under the write.
create function hd_enter(
  token_digest text, request_id text, address text, verified_only boolean,
  home bigint default null, roles text[] default null
) returns bigint language plpgsql as $$
declare
  me record;
  held text;
begin
  select u.id, u.is_verified into me from user_authtoken t join auth_user u on u.id = t.user_id
  where t.digest = token_digest and u.deleted_at is null
    and t.last_used_at > now() - interval '180 days' and t.created_at > now() - interval '2 years';
  if not found then raise exception 'unauthenticated' using errcode = 'HD401'; end if;
  perform hd_context(request_id, address), hd_act_as(me.id);
  if home is not null then
    if not exists (select from hd_membership m where m.residence_id = home and m.user_id = me.id) then
      raise exception 'not_found' using errcode = 'HD404';
    end if;
    perform hd_raise(array[home]);
    select m.role into held from hd_membership m where m.residence_id = home and m.user_id = me.id;
    if not found then raise exception 'not_found' using errcode = 'HD404'; end if;
    if held <> all (roles) then raise exception 'forbidden' using errcode = 'HD403'; end if;
  end if;
  if verified_only and not me.is_verified then raise exception 'email_unverified' using errcode = 'HD403'; end if;
  return me.id;
end $$;
--> statement-breakpoint

-- The second half of the guard, for a write that decided on a row it had read: the row must not have moved since.
create function hd_expect(target regclass, id bigint, version bigint) returns void language plpgsql as $$
declare
  present bigint;
begin
  execute format('select row_version from %s where id = $1 for update', target) into present using id;
  if present is null then raise exception 'not_found' using errcode = 'HD404'; end if;
  if present <> version then raise exception 'conflict' using errcode = 'HD409'; end if;
end $$;
--> statement-breakpoint

-- Marks an event done in the batch that holds its effects. A consumer whose lease has gone to another ends with nothing.
create function hd_finish(event_id bigint, attempt int) returns void language plpgsql as $$
begin
  update outbox set done_at = now(), lease_until = null, last_error = null
  where id = event_id and attempts = attempt and done_at is null;
  if not found then raise exception 'lease_lost' using errcode = 'HD409'; end if;
end $$;
--> statement-breakpoint

/* ── Versions ───────────────────────────────────────────────────────────────────────────────────────────────── */

create function hd_touch() returns trigger language plpgsql as $$
begin
  new.row_version := old.row_version + 1;
  new.updated_at := now();
  return new;
end $$;
--> statement-breakpoint
create trigger touch before update on auth_user for each row execute function hd_touch();
create trigger touch before update on residence_residence for each row execute function hd_touch();
create trigger touch before update on residence_residence_users for each row execute function hd_touch();
create trigger touch before update on task_task for each row execute function hd_touch();
create trigger touch before update on task_taskcompletion for each row execute function hd_touch();
--> statement-breakpoint

create function hd_first_version() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into residence_version (residence_id, version, raised_by) select id, 1, pg_current_xact_id() from new_rows;
  return null;
end $$;
--> statement-breakpoint
create trigger first_version after insert on residence_residence
  referencing new table as new_rows for each statement execute function hd_first_version();
--> statement-breakpoint

/* ── Audit and change log ───────────────────────────────────────────────────────────────────────────────────── */

-- What may stand in the audit log in place of a value: itself, or a keyed hash where it is text about somebody.
create function hd_veil(value jsonb, is_clear boolean, key bytea) returns jsonb language sql immutable
return case when jsonb_typeof(value) = 'string' and not is_clear
  then to_jsonb('#' || left(encode(sha256(key || convert_to(value #>> '{}', 'UTF8')), 'hex'), 32)) else value end;
--> statement-breakpoint

create function hd_difference(before jsonb, after jsonb, ignored text[], clear text[], key bytea) returns jsonb
language sql immutable
return (
  select jsonb_object_agg(field, jsonb_build_array(
    hd_veil(before -> field, field = any (clear), key), hd_veil(after -> field, field = any (clear), key)))
  from jsonb_object_keys(after) field
  where before -> field is distinct from after -> field and field <> all (ignored)
);
--> statement-breakpoint

-- Writes the audit rows of one statement and, for what lives in a home, raises its version and logs the change.
-- Arguments: what the rows are · the column with their home ('' for none) · the column with their id ·
-- text columns that say nothing personal · columns that only follow from other tables.
create function hd_record() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
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
                     else 'updated' end,
      'changed', hd_difference(b, a, derived, clear, coalesce(
        (select hash_key from residence_residence where id = (a ->> nullif(home_column, ''))::bigint),
        (select hash_key from auth_user where home_column = '' and id = (a ->> id_column)::bigint), ''))))
    into facts
    from (select to_jsonb(o) as b from old_rows o) olds
    join (select to_jsonb(n) as a from new_rows n) news
      on b -> id_column = a -> id_column and b -> home_column is not distinct from a -> home_column;
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
         kind, case f.action when 'restored' then 'created' else f.action end, f.id
  from jsonb_to_recordset(facts) as f (id bigint, home bigint, action text)
  join residence_version v on v.residence_id = f.home
  on conflict (residence_id, version, type, entity_id)
  do update set action = 'deleted' where excluded.action = 'deleted';
  return null;
end $$;
--> statement-breakpoint

create trigger record_insert after insert on auth_user referencing new table as new_rows
  for each statement execute function hd_record('user', '', 'id', '', '');
create trigger record_update after update on auth_user referencing old table as old_rows new table as new_rows
  for each statement execute function hd_record('user', '', 'id', 'timezone,deleted_at', '');
create trigger record_delete after delete on auth_user referencing old table as old_rows
  for each statement execute function hd_record('user', '', 'id', '', '');
--> statement-breakpoint
-- A session's only update is the hour of its last use, which is no fact about anybody's doing.
create trigger record_insert after insert on user_authtoken referencing new table as new_rows
  for each statement execute function hd_record('session', '', 'id', '', '');
create trigger record_delete after delete on user_authtoken referencing old table as old_rows
  for each statement execute function hd_record('session', '', 'id', '', '');
--> statement-breakpoint
create trigger record_insert after insert on residence_residence referencing new table as new_rows
  for each statement execute function hd_record('residence', 'id', 'id', '', '');
create trigger record_update after update on residence_residence referencing old table as old_rows new table as new_rows
  for each statement execute function hd_record('residence', 'id', 'id', 'deleted_at,purchase_date', '');
create trigger record_delete after delete on residence_residence referencing old table as old_rows
  for each statement execute function hd_record('residence', 'id', 'id', '', '');
--> statement-breakpoint
create trigger record_insert after insert on residence_residence_users referencing new table as new_rows
  for each statement execute function hd_record('member', 'residence_id', 'user_id', '', '');
create trigger record_update after update on residence_residence_users referencing old table as old_rows new table as new_rows
  for each statement execute function hd_record('member', 'residence_id', 'user_id', 'role', '');
create trigger record_delete after delete on residence_residence_users referencing old table as old_rows
  for each statement execute function hd_record('member', 'residence_id', 'user_id', '', '');
--> statement-breakpoint
create trigger record_insert after insert on task_task referencing new table as new_rows
  for each statement execute function hd_record('task', 'residence_id', 'id', '', '');
create trigger record_update after update on task_task referencing old table as old_rows new table as new_rows
  for each statement execute function hd_record('task', 'residence_id', 'id',
    'due_date,next_due_date,anchor_date,schedule,custom_unit', 'completion_count,last_completed_at');
create trigger record_delete after delete on task_task referencing old table as old_rows
  for each statement execute function hd_record('task', 'residence_id', 'id', '', '');
--> statement-breakpoint
create trigger record_insert after insert on task_taskcompletion referencing new table as new_rows
  for each statement execute function hd_record('completion', 'residence_id', 'id', '', '');
create trigger record_update after update on task_taskcompletion referencing old table as old_rows new table as new_rows
  for each statement execute function hd_record('completion', 'residence_id', 'id',
    'completed_at,occurrence,previous_next_due_date', '');
create trigger record_delete after delete on task_taskcompletion referencing old table as old_rows
  for each statement execute function hd_record('completion', 'residence_id', 'id', '', '');
--> statement-breakpoint

/* ── What a task knows of its completions ───────────────────────────────────────────────────────────────────── */

create function hd_count_completions() returns trigger language plpgsql as $$
declare
  affected bigint[];
begin
  if tg_op = 'INSERT' then select array_agg(distinct task_id) into affected from new_rows;
  else select array_agg(distinct task_id) into affected from old_rows;
  end if;
  update task_task t set completion_count = c.n, last_completed_at = c.newest
  from (
    select a.id, count(d.id)::int as n, max(d.completed_at) as newest
    from unnest(affected) as a (id) left join task_taskcompletion d on d.task_id = a.id group by a.id
  ) c
  where t.id = c.id and (t.completion_count, t.last_completed_at) is distinct from (c.n, c.newest);
  return null;
end $$;
--> statement-breakpoint
create trigger count_insert after insert on task_taskcompletion referencing new table as new_rows
  for each statement execute function hd_count_completions();
create trigger count_update after update on task_taskcompletion referencing old table as old_rows new table as new_rows
  for each statement execute function hd_count_completions();
create trigger count_delete after delete on task_taskcompletion referencing old table as old_rows
  for each statement execute function hd_count_completions();
--> statement-breakpoint

/* ── The audit log is append-only ───────────────────────────────────────────────────────────────────────────── */

create function hd_append_only() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and current_setting('hd.maintenance', true) = 'truncate_addresses' then return null; end if;
  raise exception '% is append-only', tg_table_name using errcode = 'insufficient_privilege';
end $$;
--> statement-breakpoint
create trigger append_only before update or delete or truncate on audit_log
  for each statement execute function hd_append_only();
--> statement-breakpoint

-- The one function that may touch an audit row: after 30 days an address keeps only its network.
create function hd_truncate_addresses() returns bigint language plpgsql security definer set search_path = public, pg_temp as $$
declare
  touched bigint;
begin
  perform set_config('hd.maintenance', 'truncate_addresses', true);
  update audit_log set address = case
    when not pg_input_is_valid(address, 'inet') then null
    when family(address::inet) = 4 then text(network(set_masklen(address::inet, 24)))
    else text(network(set_masklen(address::inet, 48))) end
  where at < now() - interval '30 days' and address not like '%/%';
  get diagnostics touched = row_count;
  perform set_config('hd.maintenance', '', true);
  return touched;
end $$;
--> statement-breakpoint

/* ── What the app's role may do ─────────────────────────────────────────────────────────────────────────────── */

grant usage on schema public, drizzle to honeydue_app;
grant select on all tables in schema drizzle to honeydue_app;
grant select, insert, update, delete on all tables in schema public to honeydue_app;
grant usage, select on all sequences in schema public to honeydue_app;
revoke insert, update, delete on audit_log, change_log, residence_version from honeydue_app;
revoke insert, update, delete on residence_residencetype, task_taskcategory, task_taskpriority, task_taskfrequency,
  task_contractorspecialty from honeydue_app;
alter default privileges in schema public grant select, insert, update, delete on tables to honeydue_app;
alter default privileges in schema public grant usage, select on sequences to honeydue_app;
