ALTER TABLE "bucket" ADD COLUMN "bin" smallint DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE "bucket_delta" ADD COLUMN "bin" smallint DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE "margin" ADD COLUMN "bin" smallint DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE "bucket" DROP CONSTRAINT "bucket_tenant_measure_day_region_segment_owner_source_plan_product_priority_channel_pk";
--> statement-breakpoint
ALTER TABLE "margin" DROP CONSTRAINT "margin_tenant_measure_dimension_name_day_pk";
--> statement-breakpoint
-- Counted rows are updated in place: room on the page keeps such updates out of the indexes.
ALTER TABLE bucket SET (fillfactor = 80);
--> statement-breakpoint
ALTER TABLE margin SET (fillfactor = 80);
--> statement-breakpoint
ALTER TABLE ledger SET (fillfactor = 80);
--> statement-breakpoint
ALTER TABLE "bucket" ADD CONSTRAINT "bucket_tenant_measure_day_region_segment_owner_source_plan_product_priority_channel_bin_pk" PRIMARY KEY("tenant","measure","day","region","segment","owner","source","plan","product","priority","channel","bin");
--> statement-breakpoint
ALTER TABLE "margin" ADD CONSTRAINT "margin_tenant_measure_dimension_name_day_bin_pk" PRIMARY KEY("tenant","measure","dimension","name","day","bin");
