CREATE TABLE "change_batch" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"source" text NOT NULL,
	"stream" text,
	"run_id" bigint,
	"seq" bigint,
	"committed_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "change_log" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"batch_id" bigint NOT NULL,
	"tbl" text NOT NULL,
	"old" jsonb,
	"new" jsonb
);
--> statement-breakpoint
CREATE TABLE "checkpoint" (
	"source" text NOT NULL,
	"stream" text NOT NULL,
	"lane" text NOT NULL,
	"cursor" jsonb,
	"covered_until" timestamp with time zone,
	"finished_at" timestamp with time zone,
	"batch_id" bigint,
	"updated_at" timestamp with time zone DEFAULT now(),
	CONSTRAINT "checkpoint_source_stream_lane_pk" PRIMARY KEY("source","stream","lane")
);
--> statement-breakpoint
CREATE TABLE "company" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"tenant" integer DEFAULT 1 NOT NULL,
	"name" text,
	"region" text,
	"segment" text,
	"owner" text,
	"source" text
);
--> statement-breakpoint
CREATE TABLE "consumer_position" (
	"consumer" text PRIMARY KEY NOT NULL,
	"seq" bigint DEFAULT 0 NOT NULL,
	"detail" jsonb,
	"updated_at" timestamp with time zone DEFAULT now()
);
--> statement-breakpoint
CREATE TABLE "data_version" (
	"one" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"seq" bigint DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "entity_link" (
	"tenant" integer DEFAULT 1 NOT NULL,
	"system" text NOT NULL,
	"id" text NOT NULL,
	"company" bigint NOT NULL,
	"reason" text NOT NULL,
	CONSTRAINT "entity_link_tenant_system_id_pk" PRIMARY KEY("tenant","system","id")
);
--> statement-breakpoint
CREATE TABLE "kept_secret" (
	"name" text PRIMARY KEY NOT NULL,
	"sealed" text NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now()
);
--> statement-breakpoint
CREATE TABLE "lease" (
	"name" text PRIMARY KEY NOT NULL,
	"holder" text,
	"fence" bigint DEFAULT 0 NOT NULL,
	"expires_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "quarantine" (
	"id" serial PRIMARY KEY NOT NULL,
	"source" text NOT NULL,
	"stream" text NOT NULL,
	"record_id" text,
	"reason" text NOT NULL,
	"payload" text,
	"state" text DEFAULT 'held' NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "record_head" (
	"tenant" integer DEFAULT 1 NOT NULL,
	"source" text NOT NULL,
	"stream" text NOT NULL,
	"id" text NOT NULL,
	"hash" uuid NOT NULL,
	"version" bigint NOT NULL,
	"deleted" boolean DEFAULT false NOT NULL,
	CONSTRAINT "record_head_tenant_source_stream_id_pk" PRIMARY KEY("tenant","source","stream","id")
);
--> statement-breakpoint
CREATE TABLE "record_version" (
	"tenant" integer DEFAULT 1 NOT NULL,
	"source" text NOT NULL,
	"stream" text NOT NULL,
	"id" text NOT NULL,
	"valid_from" timestamp with time zone DEFAULT now() NOT NULL,
	"batch_id" bigint NOT NULL,
	"version" bigint NOT NULL,
	"op" text NOT NULL,
	"payload" text,
	CONSTRAINT "record_version_tenant_source_stream_id_valid_from_pk" PRIMARY KEY("tenant","source","stream","id","valid_from")
) PARTITION BY RANGE ("valid_from");
--> statement-breakpoint
CREATE TABLE "sweep_seen" (
	"source" text NOT NULL,
	"stream" text NOT NULL,
	"id" text NOT NULL,
	CONSTRAINT "sweep_seen_source_stream_id_pk" PRIMARY KEY("source","stream","id")
);
--> statement-breakpoint
CREATE TABLE "sync_run" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"source" text NOT NULL,
	"state" text DEFAULT 'IDLE' NOT NULL,
	"cause" text,
	"started_at" timestamp with time zone DEFAULT now(),
	"finished_at" timestamp with time zone,
	"read" integer DEFAULT 0 NOT NULL,
	"changed" integer DEFAULT 0 NOT NULL,
	"quarantined" integer DEFAULT 0 NOT NULL,
	"error" text
);
--> statement-breakpoint
CREATE TABLE "sync_transition" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"run_id" bigint NOT NULL,
	"from_state" text NOT NULL,
	"to_state" text NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"detail" jsonb
);
--> statement-breakpoint
CREATE TABLE "account" (
	"tenant" integer DEFAULT 1 NOT NULL,
	"system" text NOT NULL,
	"id" text NOT NULL,
	"name" text,
	"domain" text,
	"external_ids" jsonb,
	"email" text,
	"country" text,
	"region" text,
	"segment" text,
	"industry" text,
	"owner" text,
	"source" text,
	"kind" text,
	"created_at" timestamp with time zone,
	"company" bigint,
	CONSTRAINT "account_tenant_system_id_pk" PRIMARY KEY("tenant","system","id")
);
--> statement-breakpoint
CREATE TABLE "activity" (
	"tenant" integer DEFAULT 1 NOT NULL,
	"system" text NOT NULL,
	"id" text NOT NULL,
	"company" bigint,
	"region" text,
	"segment" text,
	"kind" text,
	"person_id" text,
	"deal_id" text,
	"account_id" text,
	"owner" text,
	"status" text,
	"at" timestamp with time zone,
	CONSTRAINT "activity_tenant_system_id_pk" PRIMARY KEY("tenant","system","id")
);
--> statement-breakpoint
CREATE TABLE "campaign" (
	"tenant" integer DEFAULT 1 NOT NULL,
	"system" text NOT NULL,
	"id" text NOT NULL,
	"name" text,
	"kind" text,
	"source" text,
	"starts_on" date,
	"ends_on" date,
	"budget" bigint,
	"actual_cost" bigint,
	"currency" text,
	CONSTRAINT "campaign_tenant_system_id_pk" PRIMARY KEY("tenant","system","id")
);
--> statement-breakpoint
CREATE TABLE "conversation" (
	"tenant" integer DEFAULT 1 NOT NULL,
	"system" text NOT NULL,
	"id" text NOT NULL,
	"company" bigint,
	"region" text,
	"segment" text,
	"person_id" text,
	"account_id" text,
	"owner" text,
	"channel" text,
	"product" text,
	"state" text,
	"created_at" timestamp with time zone,
	"first_replied_at" timestamp with time zone,
	"closed_at" timestamp with time zone,
	"reopens" integer,
	"parts" integer,
	"rating" integer,
	"rated_at" timestamp with time zone,
	CONSTRAINT "conversation_tenant_system_id_pk" PRIMARY KEY("tenant","system","id")
);
--> statement-breakpoint
CREATE TABLE "deal" (
	"tenant" integer DEFAULT 1 NOT NULL,
	"system" text NOT NULL,
	"id" text NOT NULL,
	"company" bigint,
	"region" text,
	"segment" text,
	"name" text,
	"account_id" text,
	"owner" text,
	"amount" bigint,
	"currency" text,
	"stage" text,
	"probability" integer,
	"forecast_category" text,
	"is_closed" boolean,
	"is_won" boolean,
	"created_on" date,
	"closed_on" date,
	"kind" text,
	"source" text,
	"product" text,
	"campaign_id" text,
	"last_activity_on" date,
	CONSTRAINT "deal_tenant_system_id_pk" PRIMARY KEY("tenant","system","id")
);
--> statement-breakpoint
CREATE TABLE "deal_stage" (
	"tenant" integer DEFAULT 1 NOT NULL,
	"system" text NOT NULL,
	"id" text NOT NULL,
	"company" bigint,
	"region" text,
	"segment" text,
	"deal_id" text,
	"owner" text,
	"stage" text,
	"amount" bigint,
	"currency" text,
	"probability" integer,
	"close_on" date,
	"entered_at" timestamp with time zone,
	CONSTRAINT "deal_stage_tenant_system_id_pk" PRIMARY KEY("tenant","system","id")
);
--> statement-breakpoint
CREATE TABLE "email_send" (
	"tenant" integer DEFAULT 1 NOT NULL,
	"system" text NOT NULL,
	"id" text NOT NULL,
	"name" text,
	"campaign_id" text,
	"sent_at" timestamp with time zone,
	"sent" integer,
	"delivered" integer,
	"opened" integer,
	"clicked" integer,
	"bounced" integer,
	"unsubscribed" integer,
	CONSTRAINT "email_send_tenant_system_id_pk" PRIMARY KEY("tenant","system","id")
);
--> statement-breakpoint
CREATE TABLE "forecast" (
	"tenant" integer DEFAULT 1 NOT NULL,
	"system" text NOT NULL,
	"id" text NOT NULL,
	"owner" text,
	"period_starts_on" date,
	"as_of" date,
	"amount" bigint,
	"currency" text,
	CONSTRAINT "forecast_tenant_system_id_pk" PRIMARY KEY("tenant","system","id")
);
--> statement-breakpoint
CREATE TABLE "invoice" (
	"tenant" integer DEFAULT 1 NOT NULL,
	"system" text NOT NULL,
	"id" text NOT NULL,
	"company" bigint,
	"region" text,
	"segment" text,
	"account_id" text,
	"issued_on" date,
	"due_on" date,
	"paid_on" date,
	"amount" bigint,
	"currency" text,
	"status" text,
	CONSTRAINT "invoice_tenant_system_id_pk" PRIMARY KEY("tenant","system","id")
);
--> statement-breakpoint
CREATE TABLE "payment" (
	"tenant" integer DEFAULT 1 NOT NULL,
	"system" text NOT NULL,
	"id" text NOT NULL,
	"company" bigint,
	"region" text,
	"segment" text,
	"account_id" text,
	"invoice_id" text,
	"paid_on" date,
	"amount" bigint,
	"currency" text,
	CONSTRAINT "payment_tenant_system_id_pk" PRIMARY KEY("tenant","system","id")
);
--> statement-breakpoint
CREATE TABLE "person" (
	"tenant" integer DEFAULT 1 NOT NULL,
	"system" text NOT NULL,
	"id" text NOT NULL,
	"company" bigint,
	"region" text,
	"segment" text,
	"email" text,
	"name" text,
	"title" text,
	"country" text,
	"account_id" text,
	"owner" text,
	"source" text,
	"kind" text,
	"created_at" timestamp with time zone,
	"lead_at" timestamp with time zone,
	"mql_at" timestamp with time zone,
	"mql_imputed" boolean,
	"sql_at" timestamp with time zone,
	"opportunity_at" timestamp with time zone,
	"customer_at" timestamp with time zone,
	CONSTRAINT "person_tenant_system_id_pk" PRIMARY KEY("tenant","system","id")
);
--> statement-breakpoint
CREATE TABLE "quota" (
	"tenant" integer DEFAULT 1 NOT NULL,
	"system" text NOT NULL,
	"id" text NOT NULL,
	"owner" text,
	"starts_on" date,
	"ends_on" date,
	"amount" bigint,
	"currency" text,
	CONSTRAINT "quota_tenant_system_id_pk" PRIMARY KEY("tenant","system","id")
);
--> statement-breakpoint
CREATE TABLE "spend" (
	"tenant" integer DEFAULT 1 NOT NULL,
	"system" text NOT NULL,
	"id" text NOT NULL,
	"day" date,
	"kind" text,
	"campaign_id" text,
	"source" text,
	"amount" bigint,
	"currency" text,
	CONSTRAINT "spend_tenant_system_id_pk" PRIMARY KEY("tenant","system","id")
);
--> statement-breakpoint
CREATE TABLE "staff" (
	"tenant" integer DEFAULT 1 NOT NULL,
	"system" text NOT NULL,
	"id" text NOT NULL,
	"name" text,
	"email" text,
	"team" text,
	"region" text,
	"active" boolean,
	CONSTRAINT "staff_tenant_system_id_pk" PRIMARY KEY("tenant","system","id")
);
--> statement-breakpoint
CREATE TABLE "subscription" (
	"tenant" integer DEFAULT 1 NOT NULL,
	"system" text NOT NULL,
	"id" text NOT NULL,
	"company" bigint,
	"region" text,
	"segment" text,
	"account_id" text,
	"subscription_id" text,
	"plan" text,
	"owner" text,
	"source" text,
	"product" text,
	"mrr" bigint,
	"currency" text,
	"starts_on" date,
	"ends_on" date,
	CONSTRAINT "subscription_tenant_system_id_pk" PRIMARY KEY("tenant","system","id")
);
--> statement-breakpoint
CREATE TABLE "survey" (
	"tenant" integer DEFAULT 1 NOT NULL,
	"system" text NOT NULL,
	"id" text NOT NULL,
	"company" bigint,
	"region" text,
	"segment" text,
	"kind" text,
	"email" text,
	"account_id" text,
	"person_id" text,
	"score" integer,
	"responded_at" timestamp with time zone,
	CONSTRAINT "survey_tenant_system_id_pk" PRIMARY KEY("tenant","system","id")
);
--> statement-breakpoint
CREATE TABLE "ticket" (
	"tenant" integer DEFAULT 1 NOT NULL,
	"system" text NOT NULL,
	"id" text NOT NULL,
	"company" bigint,
	"region" text,
	"segment" text,
	"subject" text,
	"requester_id" text,
	"account_id" text,
	"owner" text,
	"status" text,
	"priority" text,
	"channel" text,
	"product" text,
	"plan" text,
	"created_at" timestamp with time zone,
	"first_replied_at" timestamp with time zone,
	"first_reply_business_minutes" integer,
	"first_solved_at" timestamp with time zone,
	"solved_at" timestamp with time zone,
	"replies" integer,
	"reopens" integer,
	"csat" text,
	"csat_at" timestamp with time zone,
	CONSTRAINT "ticket_tenant_system_id_pk" PRIMARY KEY("tenant","system","id")
);
--> statement-breakpoint
CREATE TABLE "ticket_event" (
	"tenant" integer DEFAULT 1 NOT NULL,
	"system" text NOT NULL,
	"id" text NOT NULL,
	"company" bigint,
	"region" text,
	"segment" text,
	"ticket_id" text,
	"metric" text,
	"kind" text,
	"value" text,
	"previous" text,
	"priority" text,
	"deleted" boolean,
	"at" timestamp with time zone,
	CONSTRAINT "ticket_event_tenant_system_id_pk" PRIMARY KEY("tenant","system","id")
);
--> statement-breakpoint
CREATE TABLE "touch" (
	"tenant" integer DEFAULT 1 NOT NULL,
	"system" text NOT NULL,
	"id" text NOT NULL,
	"company" bigint,
	"region" text,
	"segment" text,
	"person_id" text,
	"campaign_id" text,
	"source" text,
	"kind" text,
	"responded" boolean,
	"touched_at" timestamp with time zone,
	CONSTRAINT "touch_tenant_system_id_pk" PRIMARY KEY("tenant","system","id")
);
--> statement-breakpoint
CREATE TABLE "bucket" (
	"tenant" integer DEFAULT 1 NOT NULL,
	"measure" text NOT NULL,
	"day" date NOT NULL,
	"region" text DEFAULT '' NOT NULL,
	"segment" text DEFAULT '' NOT NULL,
	"owner" text DEFAULT '' NOT NULL,
	"source" text DEFAULT '' NOT NULL,
	"plan" text DEFAULT '' NOT NULL,
	"product" text DEFAULT '' NOT NULL,
	"priority" text DEFAULT '' NOT NULL,
	"channel" text DEFAULT '' NOT NULL,
	"value" bigint NOT NULL,
	"n" bigint NOT NULL,
	CONSTRAINT "bucket_tenant_measure_day_region_segment_owner_source_plan_product_priority_channel_pk" PRIMARY KEY("tenant","measure","day","region","segment","owner","source","plan","product","priority","channel")
);
--> statement-breakpoint
CREATE TABLE "bucket_delta" (
	"tenant" integer DEFAULT 1 NOT NULL,
	"measure" text NOT NULL,
	"day" date NOT NULL,
	"region" text DEFAULT '' NOT NULL,
	"segment" text DEFAULT '' NOT NULL,
	"owner" text DEFAULT '' NOT NULL,
	"source" text DEFAULT '' NOT NULL,
	"plan" text DEFAULT '' NOT NULL,
	"product" text DEFAULT '' NOT NULL,
	"priority" text DEFAULT '' NOT NULL,
	"channel" text DEFAULT '' NOT NULL,
	"value" bigint NOT NULL,
	"n" bigint NOT NULL,
	"seq" bigint NOT NULL,
	"known_at" timestamp with time zone DEFAULT now() NOT NULL
) PARTITION BY RANGE ("known_at");
--> statement-breakpoint
CREATE TABLE "kpi_setting" (
	"name" text PRIMARY KEY NOT NULL,
	"value" jsonb
);
--> statement-breakpoint
CREATE TABLE "ledger" (
	"tenant" integer DEFAULT 1 NOT NULL,
	"day" date NOT NULL,
	"customer" text NOT NULL,
	"region" text DEFAULT '' NOT NULL,
	"segment" text DEFAULT '' NOT NULL,
	"owner" text DEFAULT '' NOT NULL,
	"source" text DEFAULT '' NOT NULL,
	"plan" text DEFAULT '' NOT NULL,
	"product" text DEFAULT '' NOT NULL,
	"value" bigint NOT NULL,
	"n" bigint NOT NULL,
	CONSTRAINT "ledger_tenant_customer_day_region_segment_owner_source_plan_product_pk" PRIMARY KEY("tenant","customer","day","region","segment","owner","source","plan","product")
);
--> statement-breakpoint
CREATE TABLE "ledger_delta" (
	"tenant" integer DEFAULT 1 NOT NULL,
	"day" date NOT NULL,
	"customer" text NOT NULL,
	"region" text DEFAULT '' NOT NULL,
	"segment" text DEFAULT '' NOT NULL,
	"owner" text DEFAULT '' NOT NULL,
	"source" text DEFAULT '' NOT NULL,
	"plan" text DEFAULT '' NOT NULL,
	"product" text DEFAULT '' NOT NULL,
	"value" bigint NOT NULL,
	"n" bigint NOT NULL,
	"seq" bigint NOT NULL,
	"known_at" timestamp with time zone DEFAULT now() NOT NULL
) PARTITION BY RANGE ("known_at");
--> statement-breakpoint
CREATE TABLE "margin" (
	"tenant" integer DEFAULT 1 NOT NULL,
	"measure" text NOT NULL,
	"dimension" text NOT NULL,
	"name" text NOT NULL,
	"day" date NOT NULL,
	"value" bigint NOT NULL,
	"n" bigint NOT NULL,
	CONSTRAINT "margin_tenant_measure_dimension_name_day_pk" PRIMARY KEY("tenant","measure","dimension","name","day")
);
--> statement-breakpoint
CREATE TABLE "measure_state" (
	"measure" text PRIMARY KEY NOT NULL,
	"definition" text NOT NULL,
	"built_seq" bigint NOT NULL,
	"built_at" timestamp with time zone DEFAULT now()
);
--> statement-breakpoint
CREATE TABLE "audit" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"platform" text NOT NULL,
	"asker" text NOT NULL,
	"role" text NOT NULL,
	"place" text,
	"action" text NOT NULL,
	"kpi" text,
	"text" text,
	"outcome" text NOT NULL,
	"data_version" bigint,
	"trace" text
);
--> statement-breakpoint
CREATE TABLE "blob" (
	"hash" text PRIMARY KEY NOT NULL,
	"mime" text NOT NULL,
	"bytes" "bytea" NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "given_answer" (
	"id" text PRIMARY KEY NOT NULL,
	"question" jsonb NOT NULL,
	"asker" text NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "incident" (
	"key" text PRIMARY KEY NOT NULL,
	"kpi" text NOT NULL,
	"started_on" text NOT NULL,
	"state" text DEFAULT 'open' NOT NULL,
	"finding" jsonb NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "outbox" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"slot_key" text NOT NULL,
	"kind" text NOT NULL,
	"target_kind" text NOT NULL,
	"target" text NOT NULL,
	"payload" jsonb NOT NULL,
	"state" text DEFAULT 'pending' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_try_at" timestamp with time zone DEFAULT now() NOT NULL,
	"lease_until" timestamp with time zone,
	"first_try_at" timestamp with time zone,
	"receipt" jsonb,
	"error" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"sent_at" timestamp with time zone,
	CONSTRAINT "outbox_slot_key_unique" UNIQUE("slot_key")
);
--> statement-breakpoint
CREATE TABLE "schedule" (
	"name" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"cron" text NOT NULL,
	"time_zone" text NOT NULL,
	"definition" jsonb NOT NULL,
	"last_slot" timestamp with time zone,
	"paused" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE TABLE "seen_request" (
	"key" text PRIMARY KEY NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "teams_reference" (
	"conversation" text PRIMARY KEY NOT NULL,
	"reference" jsonb NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now()
);
--> statement-breakpoint
ALTER TABLE "change_log" ADD CONSTRAINT "change_log_batch_id_change_batch_id_fk" FOREIGN KEY ("batch_id") REFERENCES "public"."change_batch"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "checkpoint" ADD CONSTRAINT "checkpoint_batch_id_change_batch_id_fk" FOREIGN KEY ("batch_id") REFERENCES "public"."change_batch"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sync_transition" ADD CONSTRAINT "sync_transition_run_id_sync_run_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."sync_run"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "change_batch_seq" ON "change_batch" USING btree ("seq");--> statement-breakpoint
CREATE INDEX "change_batch_committed" ON "change_batch" USING btree ("committed_at");--> statement-breakpoint
CREATE INDEX "change_log_batch" ON "change_log" USING btree ("batch_id","tbl");--> statement-breakpoint
CREATE INDEX "entity_link_company" ON "entity_link" USING btree ("company");--> statement-breakpoint
CREATE INDEX "sync_run_source" ON "sync_run" USING btree ("source","id");--> statement-breakpoint
CREATE INDEX "account_company" ON "account" USING btree ("company");--> statement-breakpoint
CREATE INDEX "conversation_company" ON "conversation" USING btree ("company");--> statement-breakpoint
CREATE INDEX "deal_company" ON "deal" USING btree ("company");--> statement-breakpoint
CREATE INDEX "deal_account" ON "deal" USING btree ("tenant","system","account_id");--> statement-breakpoint
CREATE INDEX "deal_stage_deal" ON "deal_stage" USING btree ("deal_id");--> statement-breakpoint
CREATE INDEX "person_company" ON "person" USING btree ("company");--> statement-breakpoint
CREATE INDEX "person_account" ON "person" USING btree ("tenant","system","account_id");--> statement-breakpoint
CREATE INDEX "subscription_company" ON "subscription" USING btree ("company");--> statement-breakpoint
CREATE INDEX "subscription_account" ON "subscription" USING btree ("tenant","system","account_id");--> statement-breakpoint
CREATE INDEX "ticket_company" ON "ticket" USING btree ("company");--> statement-breakpoint
CREATE INDEX "ticket_account" ON "ticket" USING btree ("tenant","system","account_id");--> statement-breakpoint
CREATE INDEX "ticket_created" ON "ticket" USING btree ("tenant","created_at");--> statement-breakpoint
CREATE INDEX "ticket_event_ticket" ON "ticket_event" USING btree ("ticket_id");--> statement-breakpoint
CREATE INDEX "touch_company" ON "touch" USING btree ("company");--> statement-breakpoint
CREATE INDEX "touch_person" ON "touch" USING btree ("tenant","system","person_id");--> statement-breakpoint
CREATE INDEX "bucket_delta_asof" ON "bucket_delta" USING btree ("tenant","measure","day","seq");--> statement-breakpoint
CREATE INDEX "ledger_delta_asof" ON "ledger_delta" USING btree ("tenant","seq");--> statement-breakpoint
CREATE INDEX "audit_at" ON "audit" USING btree ("at");--> statement-breakpoint
CREATE INDEX "outbox_due" ON "outbox" USING btree ("state","next_try_at");