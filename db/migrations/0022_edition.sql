CREATE TABLE "edition" (
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"since_seq" bigint NOT NULL,
	"since_at" timestamp with time zone DEFAULT now() NOT NULL,
	"definition" text,
	CONSTRAINT "edition_kind_name_since_seq_pk" PRIMARY KEY("kind","name","since_seq")
);

--> statement-breakpoint
-- What was counted before editions were kept: since its first difference.
INSERT INTO edition (kind, name, since_seq, since_at, definition)
SELECT 'measure', s.measure, coalesce(d.seq, s.built_seq), coalesce(d.at, s.built_at, now()), s.definition
FROM measure_state s LEFT JOIN LATERAL (
  SELECT min(x.seq) AS seq, min(x.known_at) AS at FROM (
    SELECT b.seq, b.known_at FROM bucket_delta b WHERE b.tenant = 1 AND b.measure = s.measure
    UNION ALL SELECT l.seq, l.known_at FROM ledger_delta l WHERE s.measure = 'ledger') x) d ON true;
