-- What the dashboard's lists need, and the last of what admins change that no trigger recorded.

-- Searched by any part of a title or a name.
create index task_task_title_idx on task_task using gin (title gin_trgm_ops);
create index task_document_title_idx on task_document using gin (title gin_trgm_ops);
create index task_contractor_name_idx on task_contractor using gin ((name || ' ' || coalesce(company, '')) gin_trgm_ops);
--> statement-breakpoint

-- Listed and counted by day.
create index audit_log_at_idx on audit_log (at, id);
create index auth_user_created_idx on auth_user using brin (created_at);
create index residence_residence_created_idx on residence_residence using brin (created_at);
create index task_taskcompletion_completed_idx on task_taskcompletion using brin (completed_at);
--> statement-breakpoint

-- A dead letter that an operator sends again.
create function hd_record_retry() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into audit_log (actor_type, action, target_type, target_id, changed, request_id, address)
  values ('system', 'updated', 'job', new.id, jsonb_build_object(
      'attempts', jsonb_build_array(old.attempts, new.attempts), 'dead_at', jsonb_build_array(old.dead_at, new.dead_at),
      'uncertain_at', jsonb_build_array(old.uncertain_at, new.uncertain_at)),
    nullif(current_setting('hd.request_id', true), ''), nullif(current_setting('hd.address', true), ''));
  return null;
end $$;
--> statement-breakpoint
create trigger record_retry after update on outbox for each row
  when (coalesce(old.dead_at, old.uncertain_at) is not null and coalesce(new.dead_at, new.done_at) is null
    and coalesce(current_setting('hd.admin_id', true), '') <> '')
  execute function hd_record_retry();
--> statement-breakpoint

-- An address that mail is sent to again; `hd.subject_id` is whose it is.
create function hd_record_unsuppressed() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into audit_log (actor_type, action, target_type, target_id, changed, request_id, address)
  values ('system', 'deleted', 'suppression', current_setting('hd.subject_id')::bigint, jsonb_build_object(
      'reason', jsonb_build_array(old.reason, null)),
    nullif(current_setting('hd.request_id', true), ''), nullif(current_setting('hd.address', true), ''));
  return null;
end $$;
--> statement-breakpoint
create trigger record_unsuppressed after delete on notifications_suppression for each row
  when (coalesce(current_setting('hd.subject_id', true), '') <> '') execute function hd_record_unsuppressed();
--> statement-breakpoint

-- What a tier allows; the log knows `free` as 1 and `pro` as 2.
create function hd_record_limits() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into audit_log (actor_type, action, target_type, target_id, changed, request_id, address)
  select 'system', 'updated', 'tier_limits', case new.tier when 'free' then 1 else 2 end, d.changed,
    nullif(current_setting('hd.request_id', true), ''), nullif(current_setting('hd.address', true), '')
  from (select hd_difference(to_jsonb(old), to_jsonb(new), array['row_version', 'updated_at'], array[]::text[], '') as changed) d
  where d.changed is not null;
  return null;
end $$;
--> statement-breakpoint
create trigger record_limits after update on subscription_tierlimits for each row execute function hd_record_limits();
