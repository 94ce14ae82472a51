CREATE TABLE "search_entry" (
	"kind" text NOT NULL,
	"entity_id" bigint NOT NULL,
	"scope" bigint NOT NULL,
	"head" "tsvector" NOT NULL,
	"body" "tsvector",
	CONSTRAINT "search_entry_kind_entity_id_pk" PRIMARY KEY("kind","entity_id"),
	CONSTRAINT "search_entry_kind" CHECK (kind in ('document', 'task', 'contractor'))
);
--> statement-breakpoint
CREATE TABLE "search_vocabulary" (
	"scope" bigint PRIMARY KEY NOT NULL,
	"words" "tsvector" NOT NULL,
	"is_stale" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE INDEX "search_entry_scope_idx" ON "search_entry" USING btree ("scope");--> statement-breakpoint
CREATE INDEX "search_vocabulary_stale_idx" ON "search_vocabulary" USING btree ("scope") WHERE is_stale;