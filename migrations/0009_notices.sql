ALTER TABLE "outbox" DROP CONSTRAINT "outbox_queue";--> statement-breakpoint
CREATE INDEX "notifications_notification_residence_idx" ON "notifications_notification" USING btree ("residence_id") WHERE residence_id is not null;--> statement-breakpoint
CREATE INDEX "notifications_notification_created_idx" ON "notifications_notification" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "residence_residence_deleted_idx" ON "residence_residence" USING btree ("deleted_at") WHERE deleted_at is not null;--> statement-breakpoint
CREATE INDEX "residence_residencesharecode_expires_idx" ON "residence_residencesharecode" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "webhook_event_log_handled_idx" ON "webhook_event_log" USING btree ("handled_at") WHERE handled_at is not null;--> statement-breakpoint
ALTER TABLE "notifications_suppression" ADD CONSTRAINT "notifications_suppression_reason" CHECK (reason in ('bounce', 'complaint', 'refusal'));--> statement-breakpoint
ALTER TABLE "outbox" ADD CONSTRAINT "outbox_queue" CHECK (queue in ('jobs', 'push', 'apns', 'mail', 'maintenance', 'long'));