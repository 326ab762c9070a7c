ALTER TABLE "ticket_event" ADD COLUMN "target" text;--> statement-breakpoint
ALTER TABLE "ticket_event" ADD COLUMN "late" boolean;--> statement-breakpoint
ALTER TABLE "ticket_event" ADD COLUMN "orphan" boolean;