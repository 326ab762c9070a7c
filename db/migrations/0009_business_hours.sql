CREATE TABLE "open_hours" (
	"tenant" integer DEFAULT 1 NOT NULL,
	"schedule" text NOT NULL,
	"opens_at" timestamp with time zone NOT NULL,
	"closes_at" timestamp with time zone NOT NULL,
	"seconds_before" bigint,
	CONSTRAINT "open_hours_tenant_schedule_opens_at_pk" PRIMARY KEY("tenant","schedule","opens_at")
);
--> statement-breakpoint
CREATE TABLE "support_schedule" (
	"tenant" integer DEFAULT 1 NOT NULL,
	"name" text NOT NULL,
	"definition" text NOT NULL,
	CONSTRAINT "support_schedule_tenant_name_pk" PRIMARY KEY("tenant","name")
);
--> statement-breakpoint
DROP INDEX "ticket_event_ticket";--> statement-breakpoint
ALTER TABLE "ticket" ADD COLUMN "first_solution_business_minutes" integer;--> statement-breakpoint
ALTER TABLE "ticket" ADD COLUMN "resolution_business_minutes" integer;--> statement-breakpoint
ALTER TABLE "ticket" ADD COLUMN "from_events" boolean;--> statement-breakpoint
ALTER TABLE "ticket" ADD COLUMN "followed" boolean;--> statement-breakpoint
ALTER TABLE "ticket" ADD COLUMN "first_reply_business_seconds" bigint;--> statement-breakpoint
ALTER TABLE "ticket" ADD COLUMN "first_solution_business_seconds" bigint;--> statement-breakpoint
ALTER TABLE "ticket" ADD COLUMN "resolution_business_seconds" bigint;--> statement-breakpoint
ALTER TABLE "ticket_event" ADD COLUMN "in_business_hours" boolean;--> statement-breakpoint
ALTER TABLE "ticket_event" ADD COLUMN "until" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "ticket_event" ADD COLUMN "owner" text;--> statement-breakpoint
ALTER TABLE "ticket_event" ADD COLUMN "product" text;--> statement-breakpoint
ALTER TABLE "ticket_event" ADD COLUMN "channel" text;--> statement-breakpoint
ALTER TABLE "ticket_event" ADD COLUMN "due_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "ticket_event" ADD COLUMN "elapsed_seconds" bigint;--> statement-breakpoint
ALTER TABLE "ticket_event" ADD COLUMN "breached" boolean;--> statement-breakpoint
ALTER TABLE "ticket_event" ADD COLUMN "judged_at" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "ticket_event_life" ON "ticket_event" USING btree ("tenant","system","ticket_id","metric","at");--> statement-breakpoint
CREATE INDEX "ticket_event_running" ON "ticket_event" USING btree ("due_at") WHERE kind = 'apply_sla' and judged_at is null;--> statement-breakpoint
-- Business time is a difference of two look-ups in a schedule's laid-out hours, and null where none are laid out:
-- before its beginning, after its end, or for a schedule that nobody configured.
CREATE FUNCTION open_seconds(of_schedule text, at_instant timestamptz) RETURNS numeric STABLE LANGUAGE sql AS $$
  SELECT o.seconds_before + extract(epoch FROM least(at_instant, o.closes_at) - o.opens_at)
  FROM open_hours o WHERE o.tenant = 1 AND o.schedule = of_schedule AND o.opens_at <= at_instant
  ORDER BY o.opens_at DESC LIMIT 1
$$;
--> statement-breakpoint
CREATE FUNCTION business_seconds(of_schedule text, from_at timestamptz, to_at timestamptz) RETURNS bigint STABLE LANGUAGE sql AS $$
  SELECT CASE WHEN from_at <= to_at THEN round(open_seconds(of_schedule, to_at) - open_seconds(of_schedule, from_at))::bigint END
$$;
--> statement-breakpoint
-- When time is up: from this instant on, more than so many working seconds have passed. What is used up as the day ends
-- is not overdrawn before work begins again.
CREATE FUNCTION business_due(of_schedule text, from_at timestamptz, seconds numeric) RETURNS timestamptz STABLE LANGUAGE sql AS $$
  SELECT (
    SELECT greatest(from_at, o.opens_at + make_interval(secs => (g.goal - o.seconds_before)::double precision))
    FROM open_hours o, (SELECT open_seconds(of_schedule, from_at) + seconds AS goal) g
    WHERE o.tenant = 1 AND o.schedule = of_schedule
      AND o.opens_at >= (SELECT max(p.opens_at) FROM open_hours p WHERE p.tenant = 1 AND p.schedule = of_schedule AND p.opens_at <= from_at)
      AND o.seconds_before + extract(epoch FROM o.closes_at - o.opens_at) > g.goal
    ORDER BY o.opens_at LIMIT 1)
$$;
--> statement-breakpoint
-- The schedules a ticket had, one after the other; the first one holds from the beginning. A ticket that names none has "default".
CREATE FUNCTION ticket_schedules(of_system text, of_ticket text) RETURNS TABLE (schedule text, since timestamptz, upto timestamptz) STABLE LANGUAGE sql AS $$
  WITH named AS (
    SELECT e.value, CASE WHEN lag(e.id) OVER life IS NULL THEN '-infinity' ELSE e.at END, coalesce(lead(e.at) OVER life, 'infinity')
    FROM ticket_event e
    WHERE e.tenant = 1 AND e.system = of_system AND e.ticket_id = of_ticket AND e.metric = 'schedule' AND e.deleted IS NOT TRUE
    WINDOW life AS (ORDER BY e.at, length(e.id), e.id))
  SELECT * FROM named UNION ALL SELECT 'default', '-infinity', 'infinity' WHERE NOT EXISTS (SELECT FROM named)
$$;
--> statement-breakpoint
-- Working seconds of a ticket between two instants, each stretch by the schedule that the ticket had then.
CREATE FUNCTION ticket_business_seconds(of_system text, of_ticket text, from_at timestamptz, to_at timestamptz) RETURNS bigint STABLE LANGUAGE sql AS $$
  SELECT CASE WHEN from_at <= to_at AND bool_and(part.seconds IS NOT NULL) THEN round(sum(part.seconds))::bigint END
  FROM (
    SELECT open_seconds(s.schedule, least(to_at, s.upto)) - open_seconds(s.schedule, greatest(from_at, s.since)) AS seconds
    FROM ticket_schedules(of_system, of_ticket) s WHERE s.since <= to_at AND s.upto > from_at) part
$$;
