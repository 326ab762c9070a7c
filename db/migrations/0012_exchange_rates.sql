CREATE TABLE "exchange_rate" (
	"tenant" integer DEFAULT 1 NOT NULL,
	"system" text NOT NULL,
	"id" text NOT NULL,
	"currency" text,
	"home" text,
	"day" date,
	"rate" numeric,
	"inverse" numeric,
	"shift" integer,
	CONSTRAINT "exchange_rate_tenant_system_id_pk" PRIMARY KEY("tenant","system","id")
);
--> statement-breakpoint
ALTER TABLE "campaign" ADD COLUMN "original_budget" bigint;--> statement-breakpoint
ALTER TABLE "campaign" ADD COLUMN "original_actual_cost" bigint;--> statement-breakpoint
ALTER TABLE "spend" ADD COLUMN "original_amount" bigint;--> statement-breakpoint
ALTER TABLE "invoice" ADD COLUMN "original_amount" bigint;--> statement-breakpoint
ALTER TABLE "payment" ADD COLUMN "original_amount" bigint;--> statement-breakpoint
ALTER TABLE "subscription" ADD COLUMN "original_mrr" bigint;--> statement-breakpoint
ALTER TABLE "deal" ADD COLUMN "original_amount" bigint;--> statement-breakpoint
ALTER TABLE "deal_stage" ADD COLUMN "original_amount" bigint;--> statement-breakpoint
ALTER TABLE "forecast" ADD COLUMN "original_amount" bigint;--> statement-breakpoint
ALTER TABLE "quota" ADD COLUMN "original_amount" bigint;--> statement-breakpoint
CREATE INDEX "exchange_rate_currency" ON "exchange_rate" USING btree ("currency","day");--> statement-breakpoint
-- An amount of another currency in the company's: by the last rate up to the day, configured ones first. Null without one.
CREATE FUNCTION in_company_currency(amount bigint, of_currency text, at_day date) RETURNS bigint STABLE LANGUAGE sql AS $$
  select round(case when r.rate is not null then amount * r.rate else amount / r.inverse end * power(10::numeric, coalesce(r.shift, 0)))::bigint
  from exchange_rate r
  where r.tenant = 1 and r.currency = of_currency and (r.day is null or r.day <= at_day) and coalesce(r.rate, r.inverse) > 0
  order by (r.system = 'configuration') desc, r.day desc nulls last, r.system, r.id limit 1
$$;
--> statement-breakpoint
-- Written in the same statement as the record: no reader ever sees an amount that is not converted. The day is the fact's.
CREATE FUNCTION convert_amounts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  CASE tg_table_name
    WHEN 'deal' THEN new.amount := in_company_currency(new.original_amount, new.currency, coalesce(new.closed_on, new.created_on));
    WHEN 'deal_stage' THEN new.amount := in_company_currency(new.original_amount, new.currency, (new.entered_at at time zone 'UTC')::date);
    WHEN 'campaign' THEN
      new.budget := in_company_currency(new.original_budget, new.currency, new.starts_on);
      new.actual_cost := in_company_currency(new.original_actual_cost, new.currency, new.starts_on);
    WHEN 'spend' THEN new.amount := in_company_currency(new.original_amount, new.currency, new.day);
    WHEN 'subscription' THEN new.mrr := in_company_currency(new.original_mrr, new.currency, new.starts_on);
    WHEN 'invoice' THEN new.amount := in_company_currency(new.original_amount, new.currency, new.issued_on);
    WHEN 'payment' THEN new.amount := in_company_currency(new.original_amount, new.currency, new.paid_on);
    WHEN 'quota' THEN new.amount := in_company_currency(new.original_amount, new.currency, new.starts_on);
    WHEN 'forecast' THEN new.amount := in_company_currency(new.original_amount, new.currency, new.as_of);
  END CASE;
  RETURN new;
END $$;
--> statement-breakpoint
CREATE TRIGGER in_company_currency BEFORE INSERT OR UPDATE ON deal FOR EACH ROW WHEN (new.original_amount IS NOT NULL) EXECUTE FUNCTION convert_amounts();
--> statement-breakpoint
CREATE TRIGGER in_company_currency BEFORE INSERT OR UPDATE ON deal_stage FOR EACH ROW WHEN (new.original_amount IS NOT NULL) EXECUTE FUNCTION convert_amounts();
--> statement-breakpoint
CREATE TRIGGER in_company_currency BEFORE INSERT OR UPDATE ON campaign FOR EACH ROW WHEN (new.original_budget IS NOT NULL OR new.original_actual_cost IS NOT NULL) EXECUTE FUNCTION convert_amounts();
--> statement-breakpoint
CREATE TRIGGER in_company_currency BEFORE INSERT OR UPDATE ON spend FOR EACH ROW WHEN (new.original_amount IS NOT NULL) EXECUTE FUNCTION convert_amounts();
--> statement-breakpoint
CREATE TRIGGER in_company_currency BEFORE INSERT OR UPDATE ON subscription FOR EACH ROW WHEN (new.original_mrr IS NOT NULL) EXECUTE FUNCTION convert_amounts();
--> statement-breakpoint
CREATE TRIGGER in_company_currency BEFORE INSERT OR UPDATE ON invoice FOR EACH ROW WHEN (new.original_amount IS NOT NULL) EXECUTE FUNCTION convert_amounts();
--> statement-breakpoint
CREATE TRIGGER in_company_currency BEFORE INSERT OR UPDATE ON payment FOR EACH ROW WHEN (new.original_amount IS NOT NULL) EXECUTE FUNCTION convert_amounts();
--> statement-breakpoint
CREATE TRIGGER in_company_currency BEFORE INSERT OR UPDATE ON quota FOR EACH ROW WHEN (new.original_amount IS NOT NULL) EXECUTE FUNCTION convert_amounts();
--> statement-breakpoint
CREATE TRIGGER in_company_currency BEFORE INSERT OR UPDATE ON forecast FOR EACH ROW WHEN (new.original_amount IS NOT NULL) EXECUTE FUNCTION convert_amounts();
