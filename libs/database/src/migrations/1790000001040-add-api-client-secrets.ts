import type { MigrationInterface, QueryRunner } from 'typeorm';
import { BY_ENVIRONMENT, ID } from './baseline/tenant';

/**
 * API clients get a name, scopes and perhaps one organization, and several secrets: a rotated one goes on for a while beside the
 * new. A client that was there keeps its secret and may do everything, as before. A secret's id stands in it and in the access
 * tokens that it got, so it is looked up before the environment is known; the first of a client has the client's own id.
 * api_clients.secret_hash is left for programs of the version before; nothing else reads or writes it.
 */
export class AddApiClientSecrets1790000001040 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(`ALTER TABLE api_clients
      ADD COLUMN name text NOT NULL DEFAULT 'First client',
      ADD COLUMN scopes text[] NOT NULL DEFAULT '{read,write}' CHECK (scopes <> '{}' AND scopes <@ '{read,write}'),
      ADD COLUMN organization_id ${ID},
      ADD COLUMN last_used_time timestamptz,
      ALTER COLUMN secret_hash DROP NOT NULL,
      ADD CONSTRAINT api_clients_environment_id_organization_id_fkey FOREIGN KEY (environment_id, organization_id)
        REFERENCES organizations (environment_id, id) ON DELETE CASCADE`);
    await runner.query(`CREATE INDEX api_clients_organization ON api_clients (environment_id, organization_id)`);
    await runner.query(`CREATE TABLE api_client_secrets (
      environment_id ${ID} NOT NULL,
      id ${ID} NOT NULL,
      api_client_id ${ID} NOT NULL,
      secret_hash text NOT NULL,
      key_hash text,
      create_time timestamptz NOT NULL DEFAULT now(),
      expire_time timestamptz,
      PRIMARY KEY (environment_id, id),
      FOREIGN KEY (environment_id, api_client_id) REFERENCES api_clients (environment_id, id) ON DELETE CASCADE
    )`);
    await runner.query(`CREATE UNIQUE INDEX api_client_secrets_id ON api_client_secrets (id)`);
    await runner.query(
      `CREATE INDEX api_client_secrets_api_client ON api_client_secrets (environment_id, api_client_id)`,
    );
    await runner.query(`INSERT INTO api_client_secrets (environment_id, id, api_client_id, secret_hash, create_time)
      SELECT environment_id, id, id, secret_hash, create_time FROM api_clients`);
    await runner.query('ALTER TABLE api_client_secrets ENABLE ROW LEVEL SECURITY');
    await runner.query(
      `CREATE POLICY tenant ON api_client_secrets USING (${BY_ENVIRONMENT}) WITH CHECK (${BY_ENVIRONMENT})`,
    );
    await runner.query('GRANT SELECT, INSERT, UPDATE, DELETE ON api_client_secrets TO rollcall_app');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE api_client_secrets');
    await runner.query(`DELETE FROM api_clients WHERE secret_hash IS NULL`);
    await runner.query(`ALTER TABLE api_clients DROP COLUMN name, DROP COLUMN scopes, DROP COLUMN organization_id,
      DROP COLUMN last_used_time, ALTER COLUMN secret_hash SET NOT NULL`);
  }
}
