-- Makes the monthly partitions of the audit log from last month (clocks differ) up to the given time ahead, half a year at most. Safe
-- to call at any time, by any process. Nobody reads a partition by itself (see ensure_log_partitions).
CREATE OR REPLACE FUNCTION ensure_audit_partitions(ahead interval)
RETURNS void
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
DECLARE
  month timestamptz;
  partition text;
BEGIN
  IF ahead > interval '6 months' THEN
    RAISE invalid_parameter_value USING MESSAGE = 'partitions are made for half a year ahead at most';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('rollcall.audit_partitions'));
  FOR month IN
    SELECT m AT TIME ZONE 'UTC' FROM generate_series(
      date_trunc('month', now() AT TIME ZONE 'UTC') - interval '1 month', now() AT TIME ZONE 'UTC' + ahead, interval '1 month') AS m
  LOOP
    partition := 'audit_log_' || to_char(month AT TIME ZONE 'UTC', 'YYYYMM');
    IF to_regclass('public.' || partition) IS NULL THEN
      EXECUTE format('CREATE TABLE %I PARTITION OF audit_log FOR VALUES FROM (%L) TO (%L)',
        partition, ulid_floor(month), ulid_floor((month AT TIME ZONE 'UTC' + interval '1 month') AT TIME ZONE 'UTC'));
      EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', partition);
    END IF;
  END LOOP;
END
$$;
