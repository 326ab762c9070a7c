-- Commit order. `seq` is given inside COMMIT: dense, in commit order, and a frozen client cannot hold the counter.
INSERT INTO data_version (one, seq) VALUES (true, 0) ON CONFLICT DO NOTHING;
--> statement-breakpoint
CREATE FUNCTION give_seq() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE given bigint;
BEGIN
  UPDATE data_version SET seq = seq + 1 WHERE one RETURNING seq INTO given;
  UPDATE change_batch SET seq = given, committed_at = clock_timestamp() WHERE id = NEW.id;
  PERFORM pg_notify('herald_change', given::text);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER change_batch_seq AFTER INSERT ON change_batch
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION give_seq();
--> statement-breakpoint
-- History refers to the batch written first in its transaction; it vanishes with a lost one.
ALTER TABLE record_version ADD CONSTRAINT record_version_batch FOREIGN KEY (batch_id) REFERENCES change_batch (id);
--> statement-breakpoint
-- Months are made ahead by the worker; the default partitions catch what no month covers, so nothing is refused.
CREATE TABLE record_version_default PARTITION OF record_version DEFAULT;
--> statement-breakpoint
CREATE TABLE bucket_delta_default PARTITION OF bucket_delta DEFAULT;
--> statement-breakpoint
CREATE TABLE ledger_delta_default PARTITION OF ledger_delta DEFAULT;
--> statement-breakpoint
CREATE FUNCTION ensure_month(parent text, month date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  child text := parent || '_' || to_char(month, 'YYYYMM');
  first date := date_trunc('month', month)::date;
BEGIN
  IF to_regclass(child) IS NULL THEN
    EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)',
      child, parent, first::timestamp AT TIME ZONE 'UTC', (first + interval '1 month')::timestamp AT TIME ZONE 'UTC');
  END IF;
END $$;
--> statement-breakpoint
-- The run's state machine (also enforced in code): an illegal step is refused here whoever asks for it.
CREATE FUNCTION legal_transition(was text, becomes text) RETURNS boolean IMMUTABLE LANGUAGE sql AS $$
  SELECT (was || '>' || becomes) = ANY (ARRAY[
    'IDLE>RUNNING', 'RUNNING>VALIDATING', 'RUNNING>RETRYING', 'RUNNING>FAILED', 'VALIDATING>LOADING', 'VALIDATING>FAILED',
    'LOADING>RUNNING', 'LOADING>SUCCESS', 'LOADING>RETRYING', 'LOADING>FAILED', 'RETRYING>RUNNING', 'RETRYING>FAILED',
    'SUCCESS>IDLE', 'FAILED>IDLE'])
$$;
--> statement-breakpoint
CREATE FUNCTION refuse_illegal_transition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state <> OLD.state AND NOT legal_transition(OLD.state, NEW.state) THEN
    RAISE EXCEPTION 'sync run %: % to % is not a legal transition', OLD.id, OLD.state, NEW.state USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER sync_run_transition BEFORE UPDATE OF state ON sync_run FOR EACH ROW EXECUTE FUNCTION refuse_illegal_transition();
--> statement-breakpoint
-- The audit trail is append-only.
CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the audit trail is append-only'; END $$;
--> statement-breakpoint
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
