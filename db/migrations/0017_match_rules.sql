CREATE TABLE "match_rule" (
	"id" serial PRIMARY KEY NOT NULL,
	"tenant" integer DEFAULT 1 NOT NULL,
	"kind" text NOT NULL,
	"system" text NOT NULL,
	"record_id" text NOT NULL,
	"other_system" text NOT NULL,
	"other_id" text NOT NULL,
	"made_at" timestamp with time zone DEFAULT now() NOT NULL,
	"undone_at" timestamp with time zone
);
--> statement-breakpoint
CREATE UNIQUE INDEX "match_rule_pair" ON "match_rule" USING btree ("tenant","system","record_id","other_system","other_id") WHERE undone_at is null;