DROP INDEX "outbox_pending_idx";--> statement-breakpoint
CREATE INDEX "outbox_due_idx" ON "outbox" USING btree ("queue","run_at") WHERE done_at is null and dead_at is null;--> statement-breakpoint
CREATE INDEX "outbox_done_idx" ON "outbox" USING btree ("done_at") WHERE done_at is not null;--> statement-breakpoint
CREATE INDEX "outbox_uncertain_idx" ON "outbox" USING btree ("uncertain_at") WHERE uncertain_at is not null;