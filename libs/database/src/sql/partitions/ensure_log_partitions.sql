-- Makes the weekly partitions from last week (clocks differ) up to the given time ahead, half a year at most. Safe to call at any time,
-- by any process. Nobody reads a partition by itself, which has no policy: the owner neither (force-row-security.ts does the older ones).
CREATE OR REPLACE FUNCTION ensure_log_partitions(ahead interval)
RETURNS void
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
DECLARE
  week timestamptz;
  log_table text;
  partition text;
BEGIN
  IF ahead > interval '6 months' THEN
    RAISE invalid_parameter_value USING MESSAGE = 'partitions are made for half a year ahead at most';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('rollcall.log_partitions'));
  FOR week IN SELECT generate_series(date_trunc('week', now() - interval '1 week', 'UTC'), now() + ahead, interval '1 week') LOOP
    FOREACH log_table IN ARRAY ARRAY['events', 'deliveries', 'delivery_attempts', 'scim_request_packs', 'scim_request_keys'] LOOP
      partition := log_table || '_' || to_char(week AT TIME ZONE 'UTC', 'YYYYMMDD');
      IF to_regclass('public.' || partition) IS NULL THEN
        EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)',
          partition, log_table, ulid_floor(week), ulid_floor(week + interval '1 week'));
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', partition);
      END IF;
    END LOOP;
  END LOOP;
END
$$;
