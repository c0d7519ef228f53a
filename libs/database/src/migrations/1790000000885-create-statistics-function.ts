import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Statistics that keep up with growth. The functions of hot statements keep their plans, and a plan that was made while a table
 * was empty reads all of it once it is large; autovacuum looks once a minute, and a bulk import fills a table in seconds.
 */
export class CreateStatisticsFunction1790000000885 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(REFRESH_STATISTICS);
    await runner.query(`REVOKE ALL ON FUNCTION refresh_statistics() FROM public`);
    await runner.query(`GRANT EXECUTE ON FUNCTION refresh_statistics() TO rollcall_app`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP FUNCTION refresh_statistics()`);
  }
}

// Analyzes each table and partition that is several times as large as when its statistics were taken, and returns their names.
// Plans that were kept are then made anew. One caller at a time: the others find nothing to do.
const REFRESH_STATISTICS = `CREATE FUNCTION refresh_statistics() RETURNS SETOF text
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DECLARE
    grown text;
  BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtext('rollcall.refresh_statistics')) THEN RETURN; END IF;
    FOR grown IN
      SELECT c.relname FROM pg_class c
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND pg_has_role(c.relowner, 'USAGE')
        AND pg_relation_size(c.oid) / current_setting('block_size')::integer > greatest(8, 4 * c.relpages)
    LOOP
      EXECUTE format('ANALYZE %I', grown);
      RETURN NEXT grown;
    END LOOP;
  END $$`;
