ALTER TABLE "change_log" ADD COLUMN "placed" text[];--> statement-breakpoint
-- What a row was before resolution first gave it a company. Only rows in which all of these were null are logged by key,
-- and no source writes a company: so a row that has one, with no entry in full before, was given it by key.
CREATE FUNCTION unplaced(tbl text, doc jsonb) RETURNS jsonb IMMUTABLE LANGUAGE sql AS $$
  SELECT CASE WHEN doc->>'company' IS NULL THEN doc ELSE doc || '{"company": null, "region": null, "segment": null}'
    || CASE WHEN tbl = 'subscription' THEN '{"owner": null, "source": null}'::jsonb ELSE '{}' END END
$$;
--> statement-breakpoint
-- Every row that a batch changed, each with what it was and what it became. Plain SQL, hence part of the caller's plan.
-- "inserted_rows" tells rows as they were before their next entry in full: placed since then, perhaps, but not otherwise changed.
CREATE OR REPLACE FUNCTION changes_in(batch bigint) RETURNS TABLE (tbl text, old jsonb, new jsonb) STABLE LANGUAGE sql AS $$
  SELECT l.tbl, l.old, l.new FROM change_log l WHERE l.batch_id = batch AND l.inserted IS NULL AND l.placed IS NULL
  UNION ALL
  SELECT l.tbl, NULL::jsonb, unplaced(l.tbl, i.doc) FROM change_log l CROSS JOIN LATERAL inserted_rows(l.tbl, l.system, l.inserted, l.id) i(doc)
  WHERE l.batch_id = batch AND l.inserted IS NOT NULL
  UNION ALL
  SELECT l.tbl, unplaced(l.tbl, i.doc), i.doc FROM change_log l CROSS JOIN LATERAL inserted_rows(l.tbl, l.system, l.placed, l.id) i(doc)
  WHERE l.batch_id = batch AND l.placed IS NOT NULL
$$;
