ALTER TABLE "entity_link" ADD COLUMN "keys" bigint[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
CREATE INDEX "entity_link_keys" ON "entity_link" USING gin ("keys");--> statement-breakpoint
CREATE INDEX "person_email" ON "person" USING btree (lower(email));--> statement-breakpoint
CREATE INDEX "person_domain" ON "person" USING btree (lower(split_part(email, '@', 2))) WHERE account_id is null;--> statement-breakpoint
CREATE INDEX "invoice_account" ON "invoice" USING btree ("tenant","system","account_id");--> statement-breakpoint
CREATE INDEX "payment_account" ON "payment" USING btree ("tenant","system","account_id");--> statement-breakpoint
CREATE INDEX "activity_person" ON "activity" USING btree ("tenant","system","person_id");--> statement-breakpoint
CREATE INDEX "conversation_account" ON "conversation" USING btree ("tenant","system","account_id");--> statement-breakpoint
CREATE INDEX "conversation_person" ON "conversation" USING btree ("tenant","system","person_id");--> statement-breakpoint
CREATE INDEX "survey_account" ON "survey" USING btree ("tenant","system","account_id");--> statement-breakpoint
CREATE INDEX "survey_email" ON "survey" USING btree (lower(email));