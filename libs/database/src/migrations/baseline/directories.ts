import { BY_DIRECTORY, BY_EITHER, BY_ENVIRONMENT, ID } from './tenant';

/** What an admin sets up for an identity provider, and the job that applies changed rules to published users. */
export const DIRECTORIES_TABLES = [
  // A deleted directory stays as a tombstone: its events stay readable under its id.
  `CREATE TABLE directories (
    environment_id ${ID} NOT NULL,
    id ${ID} NOT NULL,
    organization_id ${ID} NOT NULL,
    name text NOT NULL,
    directory_type text NOT NULL,
    directory_provider text NOT NULL,
    enabled boolean NOT NULL DEFAULT true,
    strict_mode boolean NOT NULL DEFAULT false,
    first_request_time timestamptz,
    role_assignments jsonb NOT NULL DEFAULT '[]',
    attribute_mappings jsonb NOT NULL DEFAULT '[]',
    create_time timestamptz NOT NULL DEFAULT now(),
    update_time timestamptz NOT NULL DEFAULT now(),
    deleted_time timestamptz,
    purged_time timestamptz,
    PRIMARY KEY (environment_id, id),
    FOREIGN KEY (environment_id, organization_id) REFERENCES organizations (environment_id, id)
  )`,
  `CREATE INDEX directories_unpurged ON directories (environment_id, id) WHERE deleted_time IS NOT NULL AND purged_time IS NULL`,
  `CREATE INDEX directories_organization ON directories (environment_id, organization_id, id)`,
  // expiry_warned_days: the smallest number of days before its end of which a token's owner has been warned.
  `CREATE TABLE directory_secrets (
    directory_id ${ID} NOT NULL,
    id ${ID} NOT NULL,
    environment_id ${ID} NOT NULL,
    secret_hash text NOT NULL,
    secret_version integer NOT NULL DEFAULT 1,
    secret_suffix text NOT NULL,
    create_time timestamptz NOT NULL DEFAULT now(),
    expire_time timestamptz,
    revoked_time timestamptz,
    last_used_time timestamptz,
    expiry_warned_days smallint,
    PRIMARY KEY (directory_id, id),
    FOREIGN KEY (environment_id, directory_id) REFERENCES directories (environment_id, id) ON DELETE CASCADE
  )`,
  `CREATE INDEX directory_secrets_directory ON directory_secrets (environment_id, directory_id)`,
  `CREATE INDEX directory_secrets_expiring ON directory_secrets (expire_time) WHERE expire_time IS NOT NULL AND revoked_time IS NULL`,
  // The row that a drain locks: sequence and counts of one directory. Counts lag by the deltas of pending changes.
  `CREATE TABLE directory_counters (
    directory_id ${ID} PRIMARY KEY,
    environment_id ${ID} NOT NULL,
    organization_id ${ID} NOT NULL,
    last_sequence bigint NOT NULL DEFAULT 0,
    total_users bigint NOT NULL DEFAULT 0,
    total_groups bigint NOT NULL DEFAULT 0,
    last_synced_at timestamptz,
    deprovision_guard jsonb,
    deprovisioning jsonb
  )`,
  // The keys are schema and path folded by case; types grows, and what a schema says is inferred from all of them.
  `CREATE TABLE learned_attributes (
    directory_id ${ID} NOT NULL,
    resource_type ${ID} NOT NULL,
    schema_key ${ID} NOT NULL,
    path_key ${ID} NOT NULL,
    schema text NOT NULL,
    path text NOT NULL,
    types text[] NOT NULL,
    multi_valued boolean NOT NULL,
    create_time timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (directory_id, resource_type, schema_key, path_key)
  )`,
  // One row per directory: the newest job. last_user_id is its place among the published users, in order of id.
  `CREATE TABLE rules_jobs (
    directory_id ${ID} PRIMARY KEY,
    environment_id ${ID} NOT NULL,
    change_id bigint NOT NULL,
    state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'running', 'finished')),
    total bigint NOT NULL,
    done bigint NOT NULL DEFAULT 0,
    last_user_id ${ID} NOT NULL DEFAULT '',
    create_time timestamptz NOT NULL DEFAULT now(),
    finish_time timestamptz
  )`,
  `CREATE INDEX rules_jobs_environment ON rules_jobs (environment_id, directory_id)`,
];

/** Which rows of a table belong to the tenant that is set. */
export const DIRECTORIES_POLICIES: Record<string, string> = {
  directories: BY_ENVIRONMENT,
  directory_secrets: BY_ENVIRONMENT,
  directory_counters: BY_EITHER,
  learned_attributes: BY_DIRECTORY,
  rules_jobs: BY_EITHER,
};
