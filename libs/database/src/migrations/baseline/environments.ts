import { BY_ENVIRONMENT, ENVIRONMENT, ID } from './tenant';

/** What an app owner sets up: environments, their API clients, roles and organizations. */
export const ENVIRONMENTS_TABLES = [
  // One row: what binds the database to its secret key.
  `CREATE TABLE installation (
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    secret_key_check text NOT NULL,
    create_time timestamptz NOT NULL DEFAULT now()
  )`,
  `CREATE TABLE environments (
    id ${ID} PRIMARY KEY,
    name text NOT NULL,
    create_time timestamptz NOT NULL DEFAULT now(),
    default_member_role ${ID}
  )`,
  `CREATE TABLE api_clients (
    environment_id ${ID} NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
    id ${ID} NOT NULL,
    client_id ${ID} NOT NULL,
    secret_hash text NOT NULL,
    secret_version integer NOT NULL DEFAULT 1,
    create_time timestamptz NOT NULL DEFAULT now(),
    revoked_time timestamptz,
    PRIMARY KEY (environment_id, id)
  )`,
  // The one index without a tenant in front: a client id is looked up before its environment is known.
  `CREATE UNIQUE INDEX api_clients_client_id ON api_clients (client_id)`,
  // role_key: the name folded by case, because a role from an identity provider is matched in any case.
  `CREATE TABLE roles (
    environment_id ${ID} NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
    role_name ${ID} NOT NULL,
    role_key ${ID} NOT NULL,
    display_name text NOT NULL,
    description text NOT NULL DEFAULT '',
    create_time timestamptz NOT NULL DEFAULT now(),
    update_time timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (environment_id, role_name)
  )`,
  `CREATE UNIQUE INDEX roles_role_key ON roles (environment_id, role_key)`,
  `ALTER TABLE environments ADD CONSTRAINT environments_default_member_role_fkey
    FOREIGN KEY (id, default_member_role) REFERENCES roles (environment_id, role_name)`,
  `CREATE TABLE organizations (
    environment_id ${ID} NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
    id ${ID} NOT NULL,
    display_name text NOT NULL,
    external_id ${ID},
    metadata jsonb NOT NULL DEFAULT '{}',
    dir_sync_enabled boolean NOT NULL DEFAULT false,
    create_time timestamptz NOT NULL DEFAULT now(),
    update_time timestamptz NOT NULL DEFAULT now(),
    deleted_time timestamptz,
    PRIMARY KEY (environment_id, id)
  )`,
  `CREATE UNIQUE INDEX organizations_external_id ON organizations (environment_id, external_id)
    WHERE external_id IS NOT NULL AND deleted_time IS NULL`,
];

/** Which rows of a table belong to the tenant that is set. */
export const ENVIRONMENTS_POLICIES: Record<string, string> = {
  environments: `id = ${ENVIRONMENT}`,
  api_clients: BY_ENVIRONMENT,
  roles: BY_ENVIRONMENT,
  organizations: BY_ENVIRONMENT,
};
