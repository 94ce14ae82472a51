-- Who runs honeyDue: their guard, and their name in the audit log.

create extension if not exists pg_trgm;
--> statement-breakpoint

-- What an operator looks people and homes up by, wherever in a name it stands.
create index auth_user_search_idx on auth_user
  using gin ((username || ' ' || email || ' ' || first_name || ' ' || last_name) gin_trgm_ops);
create index residence_residence_search_idx on residence_residence
  using gin ((name || ' ' || coalesce(street_address, '') || ' ' || coalesce(city, '') || ' ' || coalesce(postal_code, '')) gin_trgm_ops);
create index contact_message_search_idx on contact_message using gin ((name || ' ' || email || ' ' || message) gin_trgm_ops);
--> statement-breakpoint

create trigger touch before update on admin_user for each row execute function hd_touch();
--> statement-breakpoint
create trigger record_insert after insert on admin_user referencing new table as new_rows
  for each statement execute function hd_record('admin', '', 'id', '', '');
--> statement-breakpoint
create trigger record_update after update on admin_user referencing old table as old_rows new table as new_rows
  for each statement execute function hd_record('admin', '', 'id', 'role,disabled_at', 'totp_step,last_login_at');
--> statement-breakpoint
create trigger record_insert after insert on admin_session referencing new table as new_rows
  for each statement execute function hd_record('admin_session', '', 'id', '', '');
--> statement-breakpoint
create trigger record_delete after delete on admin_session referencing old table as old_rows
  for each statement execute function hd_record('admin_session', '', 'id', '', '');
--> statement-breakpoint

-- In a transaction of an admin's the rows of the audit log name the admin, whatever trigger writes them.
create function hd_name_admin() returns trigger language plpgsql as $$
begin
  new.actor_type := 'admin';
  new.actor_id := current_setting('hd.admin_id')::bigint;
  return new;
end $$;
--> statement-breakpoint
create trigger name_admin before insert on audit_log for each row
  when (coalesce(current_setting('hd.admin_id', true), '') <> '') execute function hd_name_admin();
--> statement-breakpoint

-- The guard: the first statement of whatever an admin does. It raises what ends the batch: HD401 for no session (idle for
-- an hour, twelve hours old, or of somebody who is disabled), HD403 for support that would write, and for what destroys if
-- password and code were not shown in the last ten minutes.
create function hd_enter_admin(session_digest text, request_id text, address text, is_write boolean, is_grave boolean)
returns bigint language plpgsql as $$
declare
  me record;
begin
  select a.id, a.role, s.confirmed_at into me from admin_session s join admin_user a on a.id = s.admin_id
  where s.digest = session_digest and a.disabled_at is null
    and s.last_used_at > now() - interval '1 hour' and s.created_at > now() - interval '12 hours';
  if not found then raise exception 'unauthenticated' using errcode = 'HD401'; end if;
  if is_write and me.role <> 'admin' then raise exception 'admins_only' using errcode = 'HD403'; end if;
  if is_grave and me.confirmed_at < now() - interval '10 minutes' then
    raise exception 'confirmation_required' using errcode = 'HD403';
  end if;
  perform hd_context(request_id, address), set_config('hd.admin_id', me.id::text, true);
  return me.id;
end $$;
--> statement-breakpoint

/* ── Look-ups are an admin's to edit ────────────────────────────────────────────────────────────────────────── */

grant insert, update, delete on residence_residencetype, task_taskcategory, task_taskpriority, task_taskfrequency,
  task_contractorspecialty to honeydue_app;
--> statement-breakpoint

-- That nothing but an admin's transaction does it is for the database to say.
create function hd_admins_only() returns trigger language plpgsql as $$
begin
  if coalesce(current_setting('hd.admin_id', true), '') = '' and current_user = 'honeydue_app' then
    raise exception '% is an admin''s to edit', tg_table_name using errcode = 'insufficient_privilege';
  end if;
  return null;
end $$;
--> statement-breakpoint
create trigger admins_only before insert or update or delete on residence_residencetype for each statement execute function hd_admins_only();
create trigger record_insert after insert on residence_residencetype referencing new table as new_rows
  for each statement execute function hd_record('residence_type', '', 'id', '', '');
create trigger record_update after update on residence_residencetype referencing old table as old_rows new table as new_rows
  for each statement execute function hd_record('residence_type', '', 'id', 'name,color,icon,unit', '');
create trigger record_delete after delete on residence_residencetype referencing old table as old_rows
  for each statement execute function hd_record('residence_type', '', 'id', '', '');
--> statement-breakpoint
create trigger admins_only before insert or update or delete on task_taskcategory for each statement execute function hd_admins_only();
create trigger record_insert after insert on task_taskcategory referencing new table as new_rows
  for each statement execute function hd_record('task_category', '', 'id', '', '');
create trigger record_update after update on task_taskcategory referencing old table as old_rows new table as new_rows
  for each statement execute function hd_record('task_category', '', 'id', 'name,color,icon,unit', '');
create trigger record_delete after delete on task_taskcategory referencing old table as old_rows
  for each statement execute function hd_record('task_category', '', 'id', '', '');
--> statement-breakpoint
create trigger admins_only before insert or update or delete on task_taskpriority for each statement execute function hd_admins_only();
create trigger record_insert after insert on task_taskpriority referencing new table as new_rows
  for each statement execute function hd_record('task_priority', '', 'id', '', '');
create trigger record_update after update on task_taskpriority referencing old table as old_rows new table as new_rows
  for each statement execute function hd_record('task_priority', '', 'id', 'name,color,icon,unit', '');
create trigger record_delete after delete on task_taskpriority referencing old table as old_rows
  for each statement execute function hd_record('task_priority', '', 'id', '', '');
--> statement-breakpoint
create trigger admins_only before insert or update or delete on task_taskfrequency for each statement execute function hd_admins_only();
create trigger record_insert after insert on task_taskfrequency referencing new table as new_rows
  for each statement execute function hd_record('task_frequency', '', 'id', '', '');
create trigger record_update after update on task_taskfrequency referencing old table as old_rows new table as new_rows
  for each statement execute function hd_record('task_frequency', '', 'id', 'name,color,icon,unit', '');
create trigger record_delete after delete on task_taskfrequency referencing old table as old_rows
  for each statement execute function hd_record('task_frequency', '', 'id', '', '');
--> statement-breakpoint
create trigger admins_only before insert or update or delete on task_contractorspecialty for each statement execute function hd_admins_only();
create trigger record_insert after insert on task_contractorspecialty referencing new table as new_rows
  for each statement execute function hd_record('specialty', '', 'id', '', '');
create trigger record_update after update on task_contractorspecialty referencing old table as old_rows new table as new_rows
  for each statement execute function hd_record('specialty', '', 'id', 'name,color,icon,unit', '');
create trigger record_delete after delete on task_contractorspecialty referencing old table as old_rows
  for each statement execute function hd_record('specialty', '', 'id', '', '');
