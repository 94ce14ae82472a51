-- What the erasure of an account needs.

-- `on delete set null` looks for rows by these columns; without an index each is a scan of the whole table.
CREATE INDEX "task_task_created_by_idx" ON "task_task" USING btree ("created_by_id") WHERE created_by_id is not null;--> statement-breakpoint
CREATE INDEX "task_taskcompletion_completed_by_idx" ON "task_taskcompletion" USING btree ("completed_by_id") WHERE completed_by_id is not null;--> statement-breakpoint
CREATE INDEX "task_taskskip_skipped_by_idx" ON "task_taskskip" USING btree ("skipped_by_id") WHERE skipped_by_id is not null;--> statement-breakpoint
CREATE INDEX "task_contractor_created_by_idx" ON "task_contractor" USING btree ("created_by_id") WHERE created_by_id is not null;--> statement-breakpoint
CREATE INDEX "task_document_created_by_idx" ON "task_document" USING btree ("created_by_id") WHERE created_by_id is not null;--> statement-breakpoint
CREATE INDEX "task_documentimage_uploaded_by_idx" ON "task_documentimage" USING btree ("uploaded_by_id") WHERE uploaded_by_id is not null;--> statement-breakpoint
CREATE INDEX "task_taskcompletionimage_uploaded_by_idx" ON "task_taskcompletionimage" USING btree ("uploaded_by_id") WHERE uploaded_by_id is not null;--> statement-breakpoint
CREATE INDEX "residence_residencesharecode_created_by_idx" ON "residence_residencesharecode" USING btree ("created_by_id") WHERE created_by_id is not null;--> statement-breakpoint
CREATE INDEX "residence_residencesharecode_spent_by_idx" ON "residence_residencesharecode" USING btree ("spent_by_id") WHERE spent_by_id is not null;--> statement-breakpoint
-- Which accounts are to be erased.
CREATE INDEX "auth_user_deleted_idx" ON "auth_user" USING btree ("deleted_at") WHERE deleted_at is not null;--> statement-breakpoint
-- What somebody wrote by the contact form goes with their account.
CREATE INDEX "contact_message_email_idx" ON "contact_message" USING btree (lower("email"));--> statement-breakpoint
-- One at a time of a kind for each person: many at once are no more than many in turn.
CREATE UNIQUE INDEX "long_job_one_open" ON "long_job" USING btree ("user_id","kind") WHERE state in ('waiting', 'running');
--> statement-breakpoint

-- A list or an object may hold text about somebody as well: a document's tags stood in the audit log in clear.
create or replace function hd_veil(value jsonb, is_clear boolean, key bytea) returns jsonb language sql immutable
return case when jsonb_typeof(value) in ('string', 'array', 'object') and not is_clear
  then to_jsonb('#' || left(encode(sha256(key || convert_to(value #>> '{}', 'UTF8')), 'hex'), 32)) else value end;
--> statement-breakpoint
-- Whose purchase an event tells of.
CREATE INDEX "webhook_event_log_account_idx" ON "webhook_event_log" USING btree ((payload -> 'purchase' ->> 'account_ref')) WHERE payload -> 'purchase' ->> 'account_ref' is not null;
