CREATE TABLE "feed_position" (
	"source" text PRIMARY KEY NOT NULL,
	"position" jsonb,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "hint" (
	"source" text NOT NULL,
	"stream" text NOT NULL,
	"record_id" text NOT NULL,
	"gone" boolean DEFAULT false NOT NULL,
	"named" integer DEFAULT 1 NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"due_at" timestamp with time zone DEFAULT now() NOT NULL,
	"received_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "hint_source_stream_record_id_pk" PRIMARY KEY("source","stream","record_id")
);
--> statement-breakpoint
CREATE TABLE "webhook_delivery" (
	"source" text NOT NULL,
	"delivery_id" text NOT NULL,
	"hints" integer NOT NULL,
	"received_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "webhook_delivery_source_delivery_id_pk" PRIMARY KEY("source","delivery_id")
);
--> statement-breakpoint
CREATE INDEX "hint_due" ON "hint" USING btree ("source","due_at");--> statement-breakpoint
CREATE INDEX "webhook_delivery_received" ON "webhook_delivery" USING btree ("received_at");