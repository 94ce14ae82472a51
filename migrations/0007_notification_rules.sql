-- What notifications need that Drizzle cannot say.

create trigger touch before update on notifications_device for each row execute function hd_touch();
create trigger touch before update on notifications_notificationpreference for each row execute function hd_touch();
--> statement-breakpoint

create trigger record_insert after insert on notifications_device referencing new table as new_rows
  for each statement execute function hd_record('device', '', 'id', '', '');
--> statement-breakpoint
create trigger record_update after update on notifications_device referencing old table as old_rows new table as new_rows
  for each statement execute function hd_record('device', '', 'id', 'platform,environment,app_version,locale', 'registered_at');
--> statement-breakpoint
create trigger record_delete after delete on notifications_device referencing old table as old_rows
  for each statement execute function hd_record('device', '', 'id', '', '');
--> statement-breakpoint
create trigger record_insert after insert on notifications_notificationpreference referencing new table as new_rows
  for each statement execute function hd_record('preferences', '', 'user_id', '', '');
--> statement-breakpoint
create trigger record_update after update on notifications_notificationpreference
  referencing old table as old_rows new table as new_rows
  for each statement execute function hd_record('preferences', '', 'user_id', 'quiet_start,quiet_end', '');
--> statement-breakpoint

-- A first sync is estimated above the cost from which PostgreSQL compiles a plan; compiling takes longer than running it.
alter role honeydue_app set jit = off;
