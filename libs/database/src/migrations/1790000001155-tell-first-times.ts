import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When the first user, group, member and deactivation of directories of before came, as far as it can still be told. */
export class TellFirstTimes1790000001155 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(`UPDATE directory_counters c SET
      first_user_time = (SELECT u.created FROM directory_users u WHERE u.directory_id = c.directory_id ORDER BY u.id LIMIT 1),
      first_group_time = (SELECT g.created FROM directory_groups g WHERE g.directory_id = c.directory_id ORDER BY g.id LIMIT 1),
      first_member_time = (SELECT g.created FROM memberships m JOIN directory_groups g
        ON g.directory_id = m.directory_id AND g.id = m.group_id WHERE m.directory_id = c.directory_id LIMIT 1),
      first_deactivation_time = (SELECT u.last_modified FROM directory_users u
        WHERE u.directory_id = c.directory_id AND NOT u.active ORDER BY u.id LIMIT 1)`);
  }

  /** What was written goes with its columns. */
  async down(): Promise<void> {}
}
