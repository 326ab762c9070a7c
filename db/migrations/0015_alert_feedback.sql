CREATE TABLE "alert_feedback" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"kpi" text NOT NULL,
	"segment" text DEFAULT '' NOT NULL,
	"verdict" text NOT NULL,
	"from_day" text,
	"to_day" text,
	"until" timestamp with time zone,
	"person" text NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "incident" ADD COLUMN "segment" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "incident" ADD COLUMN "answer_id" text;--> statement-breakpoint
ALTER TABLE "incident" ADD COLUMN "told_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "incident" ADD COLUMN "acknowledged_by" text;--> statement-breakpoint
ALTER TABLE "incident" ADD COLUMN "acknowledged_at" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "alert_feedback_kpi" ON "alert_feedback" USING btree ("kpi");