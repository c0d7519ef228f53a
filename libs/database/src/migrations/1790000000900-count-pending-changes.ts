import type { MigrationInterface, QueryRunner } from 'typeorm';
import { asReplacement } from './scim-functions/as-replacement';
import { GROUP_FUNCTIONS } from './scim-functions/group-functions';

/**
 * The total of a list costs what creates and deletes the drain has not consumed yet, not what changes of any kind wait: those of
 * a worker that was away are many, and most of them create and delete nothing.
 */
export class CountPendingChanges1790000000900 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(
      `CREATE INDEX changes_counted ON changes (directory_id) WHERE users_delta <> 0 OR groups_delta <> 0`,
    );
    await runner.query(asReplacement(COUNT_DIRECTORY_RESOURCES));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(asReplacement(GROUP_FUNCTIONS['count_directory_resources(text)'] ?? ''));
    await runner.query('DROP INDEX changes_counted');
  }
}

// Resources of a directory: what the drain has counted plus the deltas of the changes it has not consumed yet.
const COUNT_DIRECTORY_RESOURCES = `CREATE FUNCTION count_directory_resources(
    p_directory_id text, OUT total_users bigint, OUT total_groups bigint)
  LANGUAGE plpgsql STABLE AS $$
  BEGIN
    SELECT c.total_users + p.users, c.total_groups + p.groups INTO total_users, total_groups
    FROM directory_counters c, (
      SELECT coalesce(sum(ch.users_delta), 0) AS users, coalesce(sum(ch.groups_delta), 0) AS groups
      FROM changes ch
      WHERE ch.directory_id = p_directory_id AND (ch.users_delta <> 0 OR ch.groups_delta <> 0)) p
    WHERE c.directory_id = p_directory_id;
  END $$`;
