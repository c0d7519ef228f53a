import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The log tables are cut into weeks by their ULID, so that retention drops partitions instead of deleting rows. */
export class CreatePartitions1790000000100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of FUNCTIONS) await runner.query(statement);
    for (const signature of ['ensure_log_partitions(interval)', 'drop_log_partitions(timestamptz)']) {
      await runner.query(`REVOKE ALL ON FUNCTION ${signature} FROM public`);
      await runner.query(`GRANT EXECUTE ON FUNCTION ${signature} TO rollcall_app`);
    }
    await runner.query(`SELECT ensure_log_partitions(interval '4 weeks')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`SELECT drop_log_partitions('infinity')`);
    await runner.query(`DROP FUNCTION drop_log_partitions(timestamptz)`);
    await runner.query(`DROP FUNCTION ensure_log_partitions(interval)`);
    await runner.query(`DROP FUNCTION ulid_floor(timestamptz)`);
  }
}

const FUNCTIONS = [
  // The ten characters of Crockford base32 that start every ULID made in the given millisecond.
  `CREATE FUNCTION ulid_floor(at timestamptz) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
  DECLARE
    rest bigint := floor(extract(epoch FROM at) * 1000)::bigint;
    digits text := '';
  BEGIN
    FOR i IN 1..10 LOOP
      digits := substr('0123456789abcdefghjkmnpqrstvwxyz', (rest % 32)::int + 1, 1) || digits;
      rest := rest / 32;
    END LOOP;
    RETURN digits;
  END $$`,

  // Makes the weekly partitions from last week (clocks differ) up to the given time ahead. Safe to call at any time, by any process.
  `CREATE FUNCTION ensure_log_partitions(ahead interval) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DECLARE
    week timestamptz;
    log_table text;
    partition text;
  BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('rollcall.log_partitions'));
    FOR week IN SELECT generate_series(date_trunc('week', now() - interval '1 week', 'UTC'), now() + ahead, interval '1 week') LOOP
      FOREACH log_table IN ARRAY ARRAY['events', 'deliveries', 'delivery_attempts'] LOOP
        partition := log_table || '_' || to_char(week AT TIME ZONE 'UTC', 'YYYYMMDD');
        IF to_regclass('public.' || partition) IS NULL THEN
          EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)',
            partition, log_table, ulid_floor(week), ulid_floor(week + interval '1 week'));
        END IF;
      END LOOP;
    END LOOP;
  END $$`,

  // Drops the partitions that end before the given time. Returns their names.
  `CREATE FUNCTION drop_log_partitions(before timestamptz) RETURNS SETOF text
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DECLARE
    partition text;
  BEGIN
    FOR partition IN
      SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
      WHERE i.inhparent IN ('events'::regclass, 'deliveries'::regclass, 'delivery_attempts'::regclass)
        AND to_timestamp(right(c.relname, 8), 'YYYYMMDD') + interval '8 days' < before
    LOOP
      EXECUTE format('DROP TABLE %I', partition);
      RETURN NEXT partition;
    END LOOP;
  END $$`,
];
