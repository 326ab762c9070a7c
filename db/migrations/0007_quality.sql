CREATE TABLE "arrival" (
	"source" text NOT NULL,
	"stream" text NOT NULL,
	"day" date NOT NULL,
	"n" bigint NOT NULL,
	CONSTRAINT "arrival_source_stream_day_pk" PRIMARY KEY("source","stream","day")
);
--> statement-breakpoint
CREATE TABLE "history_start" (
	"one" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "quality_finding" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"tenant" integer DEFAULT 1 NOT NULL,
	"rule" text NOT NULL,
	"severity" text NOT NULL,
	"system" text NOT NULL,
	"stream" text,
	"tbl" text,
	"subject" text NOT NULL,
	"day" date,
	"sentence" text NOT NULL,
	"first_seen" timestamp with time zone NOT NULL,
	"last_seen" timestamp with time zone NOT NULL,
	"resolved_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "quality_rule" (
	"name" text PRIMARY KEY NOT NULL,
	"severity" text NOT NULL,
	"tbl" text,
	"columns" text[] NOT NULL,
	"one" text NOT NULL,
	"many" text NOT NULL,
	"definition" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "stream_field" (
	"source" text NOT NULL,
	"stream" text NOT NULL,
	"path" text NOT NULL,
	"types" text[] NOT NULL,
	"type" text,
	"needed" boolean NOT NULL,
	"seen" bigint NOT NULL,
	"at_record" bigint NOT NULL,
	"last_seen" timestamp with time zone NOT NULL,
	CONSTRAINT "stream_field_source_stream_path_pk" PRIMARY KEY("source","stream","path")
);
--> statement-breakpoint
CREATE TABLE "stream_shape" (
	"source" text NOT NULL,
	"stream" text NOT NULL,
	"sampled" bigint NOT NULL,
	CONSTRAINT "stream_shape_source_stream_pk" PRIMARY KEY("source","stream")
);
--> statement-breakpoint
ALTER TABLE "sync_run" ADD COLUMN "rolls_back" bigint;--> statement-breakpoint
CREATE UNIQUE INDEX "quality_finding_subject" ON "quality_finding" USING btree ("tenant","rule","system","subject");--> statement-breakpoint
CREATE INDEX "change_batch_run" ON "change_batch" USING btree ("run_id");--> statement-breakpoint
CREATE INDEX "sync_transition_run" ON "sync_transition" USING btree ("run_id");--> statement-breakpoint
CREATE INDEX "payment_invoice" ON "payment" USING btree ("tenant","system","invoice_id");--> statement-breakpoint
-- Answers ask for what is open now: a few rows among all that ever were.
CREATE INDEX "quality_finding_open" ON "quality_finding" USING btree ("rule", "tbl") WHERE "resolved_at" IS NULL;
--> statement-breakpoint
-- Held records are few, replayed ones many.
CREATE INDEX "quarantine_held" ON "quarantine" USING btree ("source", "stream", "id") WHERE "state" = 'held';
