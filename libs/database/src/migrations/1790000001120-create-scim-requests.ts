import type { MigrationInterface, QueryRunner } from 'typeorm';
import { BY_DIRECTORY, ID } from './baseline/tenant';

/**
 * What identity providers asked and were answered. An id is the time of the request, so the newest come first by id, and a week is a
 * partition. A change, and with it its events, names the request that made it: the functions that write set its id for their
 * transaction, so that no statement has a parameter more for it. Rows are written by a function that knows the directories; the
 * runtime role reads and removes them.
 */
export class CreateScimRequests1790000001120 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(`CREATE TABLE scim_requests (
      directory_id ${ID} NOT NULL,
      id ${ID} NOT NULL,
      method text NOT NULL,
      path text NOT NULL,
      status smallint NOT NULL,
      outcome text NOT NULL CHECK (outcome IN ('changed', 'unchanged', 'read', 'refused', 'failed')),
      scim_type text,
      detail text,
      duration_ms real NOT NULL,
      secret_id ${ID},
      user_agent text,
      correlation_id text,
      ip_address text,
      resource_id ${ID},
      user_name_key ${ID},
      request_body text,
      response_body text,
      not_recorded integer NOT NULL DEFAULT 0,
      PRIMARY KEY (directory_id, id)
    ) PARTITION BY RANGE (id)`);
    await runner.query(
      `CREATE INDEX scim_requests_resource ON scim_requests (directory_id, resource_id, id) WHERE resource_id IS NOT NULL`,
    );
    await runner.query(
      `CREATE INDEX scim_requests_user_name ON scim_requests (directory_id, user_name_key, id) WHERE user_name_key IS NOT NULL`,
    );
    await runner.query(
      `CREATE INDEX scim_requests_refused ON scim_requests (directory_id, id) WHERE outcome IN ('refused', 'failed')`,
    );
    await runner.query('ALTER TABLE scim_requests ENABLE ROW LEVEL SECURITY');
    await runner.query(`CREATE POLICY tenant ON scim_requests USING (${BY_DIRECTORY}) WITH CHECK (${BY_DIRECTORY})`);
    await runner.query('GRANT SELECT, DELETE ON scim_requests TO rollcall_app');

    // Every SCIM write locks changes: it comes last, when nothing is left to wait for.
    await runner.query('ALTER TABLE environments ADD COLUMN keep_request_bodies boolean NOT NULL DEFAULT false');
    await runner.query(`ALTER TABLE events ADD COLUMN request_id ${ID}`);
    await runner.query(`ALTER TABLE changes ADD COLUMN request_id ${ID}`);
    await runner.query(
      `ALTER TABLE changes ALTER COLUMN request_id SET DEFAULT nullif(current_setting('rollcall.request_id', true), '')`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE environments DROP COLUMN keep_request_bodies');
    await runner.query('ALTER TABLE events DROP COLUMN request_id');
    await runner.query('ALTER TABLE changes DROP COLUMN request_id');
    await runner.query('DROP TABLE scim_requests');
  }
}
