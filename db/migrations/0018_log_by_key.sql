ALTER TABLE "change_log" DROP CONSTRAINT "change_log_batch_id_change_batch_id_fk";
--> statement-breakpoint
ALTER TABLE "change_log" ADD COLUMN "system" text;--> statement-breakpoint
ALTER TABLE "change_log" ADD COLUMN "inserted" text[];--> statement-breakpoint
ALTER TABLE "change_log" ADD COLUMN "n" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
CREATE INDEX "change_log_old" ON "change_log" USING btree ("tbl",(old->>'system'),(old->>'id'),"id") WHERE old is not null;--> statement-breakpoint
-- What a transaction writes names its batch. A foreign key tells so at 4 µs a row; this compares with the batch that the
-- transaction itself opened, and looks for the row only where that is another. A stray statement has opened none.
ALTER TABLE record_version DROP CONSTRAINT record_version_batch;
--> statement-breakpoint
CREATE FUNCTION tell_batch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('herald.batch', NEW.id::text, true);
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER tell_batch BEFORE INSERT ON change_batch FOR EACH ROW EXECUTE FUNCTION tell_batch();
--> statement-breakpoint
CREATE FUNCTION refuse_stray() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM change_batch WHERE id = NEW.batch_id) THEN
    RAISE EXCEPTION '% names the batch %, which is not there', TG_TABLE_NAME, NEW.batch_id USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER in_batch AFTER INSERT OR UPDATE OF batch_id ON record_version FOR EACH ROW
  WHEN (NEW.batch_id::text IS DISTINCT FROM current_setting('herald.batch', true)) EXECUTE FUNCTION refuse_stray();
--> statement-breakpoint
CREATE TRIGGER in_batch AFTER INSERT OR UPDATE OF batch_id ON change_log FOR EACH ROW
  WHEN (NEW.batch_id::text IS DISTINCT FROM current_setting('herald.batch', true)) EXECUTE FUNCTION refuse_stray();
--> statement-breakpoint
CREATE FUNCTION refuse_batch_removal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'batches are kept: history and the data version refer to them'; END $$;
--> statement-breakpoint
CREATE TRIGGER change_batch_kept BEFORE DELETE OR UPDATE OF id ON change_batch FOR EACH STATEMENT EXECUTE FUNCTION refuse_batch_removal();
--> statement-breakpoint
-- Rows named by key, as they were when they were inserted: what the next entry of the same row calls "old", or the row
-- as it is. Entries of one row are numbered in the order of its changes, as each waits for the row's lock; STABLE, so
-- that the log and the present row are seen at one instant, the caller's.
CREATE FUNCTION inserted_rows(tbl text, system text, ids text[], entry bigint) RETURNS SETOF jsonb STABLE LANGUAGE plpgsql AS $$
BEGIN
  RETURN QUERY EXECUTE format(
    'SELECT coalesce((SELECT c.old FROM change_log c WHERE c.old IS NOT NULL AND c.tbl = %1$L AND c.old->>''system'' = $1
         AND c.old->>''id'' = k.id AND c.id > $3 ORDER BY c.id LIMIT 1), to_jsonb(f))
     FROM unnest($2) AS k(id) LEFT JOIN %1$I f ON f.tenant = 1 AND f.system = $1 AND f.id = k.id', tbl) USING system, ids, entry;
END $$;
--> statement-breakpoint
-- Every row that a batch changed, each with what it was and what it became. Plain SQL, hence part of the caller's plan.
CREATE FUNCTION changes_in(batch bigint) RETURNS TABLE (tbl text, old jsonb, new jsonb) STABLE LANGUAGE sql AS $$
  SELECT l.tbl, l.old, l.new FROM change_log l WHERE l.batch_id = batch AND l.inserted IS NULL
  UNION ALL
  SELECT l.tbl, NULL::jsonb, i.doc FROM change_log l CROSS JOIN LATERAL inserted_rows(l.tbl, l.system, l.inserted, l.id) i(doc)
  WHERE l.batch_id = batch AND l.inserted IS NOT NULL
$$;
