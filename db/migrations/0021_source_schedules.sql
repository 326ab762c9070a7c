CREATE TABLE "source_schedule" (
	"tenant" integer DEFAULT 1 NOT NULL,
	"source" text NOT NULL,
	"name" text NOT NULL,
	"definition" text NOT NULL,
	CONSTRAINT "source_schedule_tenant_source_name_pk" PRIMARY KEY("tenant","source","name")
);
--> statement-breakpoint
ALTER TABLE "support_schedule" ADD COLUMN "source" text;