CREATE TABLE "pace_bucket" (
	"account" text NOT NULL,
	"bucket" text NOT NULL,
	"tokens" double precision NOT NULL,
	"granted" integer DEFAULT 0 NOT NULL,
	"filled_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"held_until" timestamp with time zone,
	CONSTRAINT "pace_bucket_account_bucket_pk" PRIMARY KEY("account","bucket")
);
--> statement-breakpoint
CREATE TABLE "source_health" (
	"source" text PRIMARY KEY NOT NULL,
	"unreachable_since" timestamp with time zone,
	"reason" text,
	"quota_used" bigint,
	"quota_limit" bigint,
	"quota_at" timestamp with time zone
);
