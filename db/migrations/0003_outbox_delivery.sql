ALTER TABLE "incident" ADD COLUMN "area" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "outbox" ADD COLUMN "topic" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "outbox" ADD COLUMN "slot" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "outbox" ADD COLUMN "part" text DEFAULT 'main' NOT NULL;--> statement-breakpoint
ALTER TABLE "outbox" ADD COLUMN "after_key" text;--> statement-breakpoint
ALTER TABLE "outbox" ADD COLUMN "audience" jsonb DEFAULT '{"areas":[],"role":null}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "outbox" ADD COLUMN "claim" text;--> statement-breakpoint
ALTER TABLE "outbox" ADD COLUMN "last_try_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "outbox" ADD COLUMN "progress" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "outbox" ADD COLUMN "sweep_until" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "schedule" ADD COLUMN "origin" text DEFAULT 'config' NOT NULL;--> statement-breakpoint
CREATE INDEX "outbox_topic" ON "outbox" USING btree ("topic","slot");