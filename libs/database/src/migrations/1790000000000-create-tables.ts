import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Every table of Rollcall. Ids are bare ULIDs (26 characters, COLLATE "C" so that comparison is by byte and sorts by creation).
 * The tenant key is directory_id for what an identity provider feeds (resources, changes, events, deliveries) and
 * environment_id for the rest; it stands in every primary key and unique index so that the schema shards by tenant.
 */
export class CreateTables1790000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    for (const statement of [...OWNER_TABLES, ...RESOURCE_TABLES, ...PUBLISHED_TABLES, ...WEBHOOK_TABLES]) {
      await runner.query(statement);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of TABLES_IN_ORDER.toReversed()) await runner.query(`DROP TABLE ${table}`);
  }
}

const ID = 'text COLLATE "C"';

/** What an app owner and an organization's admin manage. */
const OWNER_TABLES = [
  `CREATE TABLE installation (
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    secret_key_check text NOT NULL,
    create_time timestamptz NOT NULL DEFAULT now()
  )`,
  `CREATE TABLE environments (
    id ${ID} PRIMARY KEY,
    name text NOT NULL,
    create_time timestamptz NOT NULL DEFAULT now()
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
  `CREATE TABLE portal_links (
    environment_id ${ID} NOT NULL,
    id ${ID} NOT NULL,
    organization_id ${ID} NOT NULL,
    token_hash ${ID} NOT NULL,
    features text[] NOT NULL,
    create_time timestamptz NOT NULL DEFAULT now(),
    expire_time timestamptz NOT NULL,
    consumed_time timestamptz,
    revoked_time timestamptz,
    PRIMARY KEY (environment_id, id),
    FOREIGN KEY (environment_id, organization_id) REFERENCES organizations (environment_id, id) ON DELETE CASCADE
  )`,
  `CREATE INDEX portal_links_organization ON portal_links (environment_id, organization_id)`,
  `CREATE UNIQUE INDEX portal_links_token_hash ON portal_links (token_hash)`,
  `CREATE TABLE portal_sessions (
    environment_id ${ID} NOT NULL,
    id ${ID} NOT NULL,
    organization_id ${ID} NOT NULL,
    link_id ${ID} NOT NULL,
    token_hash ${ID} NOT NULL,
    features text[] NOT NULL,
    create_time timestamptz NOT NULL DEFAULT now(),
    expire_time timestamptz NOT NULL,
    PRIMARY KEY (environment_id, id),
    FOREIGN KEY (environment_id, organization_id) REFERENCES organizations (environment_id, id) ON DELETE CASCADE
  )`,
  `CREATE INDEX portal_sessions_organization ON portal_sessions (environment_id, organization_id)`,
  `CREATE UNIQUE INDEX portal_sessions_token_hash ON portal_sessions (token_hash)`,
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
    PRIMARY KEY (directory_id, id),
    FOREIGN KEY (environment_id, directory_id) REFERENCES directories (environment_id, id) ON DELETE CASCADE
  )`,
  `CREATE INDEX directory_secrets_directory ON directory_secrets (environment_id, directory_id)`,
];

/** What the identity provider writes. One row per resource, one per membership; the resource itself is JSON in schema case. */
const RESOURCE_TABLES = [
  // The row that a drain locks: sequence and counts of one directory. Counts lag by the deltas of pending changes.
  `CREATE TABLE directory_counters (
    directory_id ${ID} PRIMARY KEY,
    environment_id ${ID} NOT NULL,
    organization_id ${ID} NOT NULL,
    last_sequence bigint NOT NULL DEFAULT 0,
    total_users bigint NOT NULL DEFAULT 0,
    total_groups bigint NOT NULL DEFAULT 0,
    last_synced_at timestamptz
  )`,
  `CREATE TABLE directory_users (
    directory_id ${ID} NOT NULL,
    id ${ID} NOT NULL,
    user_name_key ${ID} NOT NULL,
    external_id ${ID},
    display_name_key ${ID},
    email_keys text[] NOT NULL DEFAULT '{}',
    active boolean NOT NULL,
    version integer NOT NULL DEFAULT 1,
    created timestamptz NOT NULL,
    last_modified timestamptz NOT NULL,
    resource jsonb NOT NULL,
    PRIMARY KEY (directory_id, id)
  )`,
  `CREATE UNIQUE INDEX directory_users_user_name ON directory_users (directory_id, user_name_key)`,
  `CREATE INDEX directory_users_external_id ON directory_users (directory_id, external_id) WHERE external_id IS NOT NULL`,
  `CREATE INDEX directory_users_display_name ON directory_users (directory_id, display_name_key) WHERE display_name_key IS NOT NULL`,
  `CREATE INDEX directory_users_last_modified ON directory_users (directory_id, last_modified)`,
  `CREATE INDEX directory_users_inactive ON directory_users (directory_id, id) WHERE NOT active`,
  // E-mail addresses are rows and not an array index: under row-level security only leakproof comparisons may use an index.
  `CREATE TABLE directory_user_emails (
    directory_id ${ID} NOT NULL,
    value_key ${ID} NOT NULL,
    user_id ${ID} NOT NULL,
    PRIMARY KEY (directory_id, value_key, user_id)
  )`,
  `CREATE TABLE directory_groups (
    directory_id ${ID} NOT NULL,
    id ${ID} NOT NULL,
    display_name_key ${ID} NOT NULL,
    external_id ${ID},
    version integer NOT NULL DEFAULT 1,
    created timestamptz NOT NULL,
    last_modified timestamptz NOT NULL,
    resource jsonb NOT NULL,
    PRIMARY KEY (directory_id, id)
  )`,
  `CREATE UNIQUE INDEX directory_groups_display_name ON directory_groups (directory_id, display_name_key)`,
  `CREATE INDEX directory_groups_external_id ON directory_groups (directory_id, external_id) WHERE external_id IS NOT NULL`,
  `CREATE INDEX directory_groups_last_modified ON directory_groups (directory_id, last_modified)`,
  // No foreign keys: a deleted group's rows are removed in slices by the drain and are invisible until then (reads join the group).
  `CREATE TABLE memberships (
    directory_id ${ID} NOT NULL,
    group_id ${ID} NOT NULL,
    member_id ${ID} NOT NULL,
    member_type text NOT NULL CHECK (member_type IN ('User', 'Group')),
    PRIMARY KEY (directory_id, group_id, member_id)
  )`,
  `CREATE INDEX memberships_member ON memberships (directory_id, member_id, group_id)`,
  `CREATE TABLE unresolved_members (
    directory_id ${ID} NOT NULL,
    group_id ${ID} NOT NULL,
    value ${ID} NOT NULL,
    cause text NOT NULL,
    create_time timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (directory_id, group_id, value)
  )`,
  // The outbox. CACHE 1: ids are handed out in the order in which the row locks were held.
  `CREATE TABLE changes (
    directory_id ${ID} NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY (CACHE 1),
    kind text NOT NULL,
    resource_id ${ID} NOT NULL,
    resource jsonb,
    added text[],
    removed text[],
    users_delta smallint NOT NULL DEFAULT 0,
    groups_delta smallint NOT NULL DEFAULT 0,
    occurred_at timestamptz NOT NULL,
    set_aside_time timestamptz,
    set_aside_error text,
    PRIMARY KEY (directory_id, id)
  ) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_insert_scale_factor = 0.2)`,
  `CREATE INDEX changes_set_aside ON changes (directory_id, resource_id, id) WHERE set_aside_time IS NOT NULL`,
];

/** What was told to the outside: the objects last published, and the log. events and deliveries are partitioned by their id, which is time. */
const PUBLISHED_TABLES = [
  `CREATE TABLE published_users (
    directory_id ${ID} NOT NULL,
    id ${ID} NOT NULL,
    sequence bigint NOT NULL,
    data text NOT NULL,
    PRIMARY KEY (directory_id, id)
  )`,
  `CREATE TABLE published_groups (
    directory_id ${ID} NOT NULL,
    id ${ID} NOT NULL,
    sequence bigint NOT NULL,
    data text NOT NULL,
    PRIMARY KEY (directory_id, id)
  )`,
  `CREATE TABLE published_memberships (
    directory_id ${ID} NOT NULL,
    group_id ${ID} NOT NULL,
    user_id ${ID} NOT NULL,
    PRIMARY KEY (directory_id, group_id, user_id)
  )`,
  `CREATE INDEX published_memberships_user ON published_memberships (directory_id, user_id, group_id)`,
  // transaction_id orders the feed across directories: rows above pg_snapshot_xmin may still be joined by lower ones.
  `CREATE TABLE events (
    directory_id ${ID} NOT NULL,
    id ${ID} NOT NULL,
    sequence bigint NOT NULL,
    environment_id ${ID} NOT NULL,
    organization_id ${ID} NOT NULL,
    transaction_id bigint NOT NULL DEFAULT (pg_current_xact_id()::text)::bigint,
    type text NOT NULL,
    resource_id ${ID} NOT NULL,
    occurred_at timestamptz NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (directory_id, id)
  ) PARTITION BY RANGE (id)`,
  `CREATE INDEX events_sequence ON events (directory_id, sequence)`,
  `CREATE INDEX events_feed ON events (environment_id, transaction_id, directory_id, sequence)`,
  `CREATE INDEX events_environment_id ON events (environment_id, id)`,
];

const WEBHOOK_TABLES = [
  `CREATE TABLE webhook_endpoints (
    environment_id ${ID} NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
    id ${ID} NOT NULL,
    url text NOT NULL,
    description text NOT NULL DEFAULT '',
    event_types text[] NOT NULL DEFAULT '{}',
    organization_ids text[] NOT NULL DEFAULT '{}',
    ordering text NOT NULL DEFAULT 'resource' CHECK (ordering IN ('resource', 'fifo', 'none')),
    enabled boolean NOT NULL DEFAULT true,
    disabled_reason text,
    create_time timestamptz NOT NULL DEFAULT now(),
    update_time timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (environment_id, id)
  )`,
  // Apart from the endpoint because every attempt may write it; health is the breaker's state as libs/webhooks defines it.
  `CREATE TABLE webhook_endpoint_health (
    environment_id ${ID} NOT NULL,
    endpoint_id ${ID} NOT NULL,
    health jsonb NOT NULL DEFAULT '{}',
    cooling_until timestamptz,
    PRIMARY KEY (environment_id, endpoint_id),
    FOREIGN KEY (environment_id, endpoint_id) REFERENCES webhook_endpoints (environment_id, id) ON DELETE CASCADE
  )`,
  `CREATE TABLE webhook_secrets (
    environment_id ${ID} NOT NULL,
    endpoint_id ${ID} NOT NULL,
    id ${ID} NOT NULL,
    sealed_secret text NOT NULL,
    create_time timestamptz NOT NULL DEFAULT now(),
    expire_time timestamptz,
    PRIMARY KEY (environment_id, endpoint_id, id),
    FOREIGN KEY (environment_id, endpoint_id) REFERENCES webhook_endpoints (environment_id, id) ON DELETE CASCADE
  )`,
  `CREATE TABLE deliveries (
    directory_id ${ID} NOT NULL,
    id ${ID} NOT NULL,
    environment_id ${ID} NOT NULL,
    endpoint_id ${ID} NOT NULL,
    event_id ${ID} NOT NULL,
    event_type text NOT NULL,
    sequence bigint NOT NULL,
    resource_id ${ID} NOT NULL,
    state text NOT NULL CHECK (state IN ('pending', 'succeeded', 'failed', 'canceled')),
    attempt integer NOT NULL DEFAULT 0,
    first_attempt_time timestamptz,
    next_attempt_time timestamptz NOT NULL,
    claimed_until timestamptz,
    finish_time timestamptz,
    last_status integer,
    last_error text,
    PRIMARY KEY (directory_id, id)
  ) PARTITION BY RANGE (id)`,
  `CREATE INDEX deliveries_due ON deliveries (environment_id, endpoint_id, next_attempt_time, id)
    WHERE state = 'pending'`,
  `CREATE INDEX deliveries_claimed ON deliveries (environment_id, endpoint_id, claimed_until)
    WHERE state = 'pending' AND claimed_until IS NOT NULL`,
  `CREATE INDEX deliveries_pending_sequence ON deliveries (environment_id, endpoint_id, directory_id, sequence)
    WHERE state = 'pending'`,
  `CREATE INDEX deliveries_pending_resource ON deliveries (environment_id, endpoint_id, directory_id, resource_id, sequence)
    WHERE state = 'pending'`,
  `CREATE INDEX deliveries_endpoint ON deliveries (environment_id, endpoint_id, id)`,
  `CREATE TABLE delivery_attempts (
    directory_id ${ID} NOT NULL,
    delivery_id ${ID} NOT NULL,
    attempt integer NOT NULL,
    environment_id ${ID} NOT NULL,
    endpoint_id ${ID} NOT NULL,
    start_time timestamptz NOT NULL,
    status integer,
    error text,
    phases jsonb NOT NULL DEFAULT '{}',
    response_headers jsonb NOT NULL DEFAULT '{}',
    response_body text NOT NULL DEFAULT '',
    PRIMARY KEY (directory_id, delivery_id, attempt)
  ) PARTITION BY RANGE (delivery_id)`,
];

const TABLES_IN_ORDER = [...OWNER_TABLES, ...RESOURCE_TABLES, ...PUBLISHED_TABLES, ...WEBHOOK_TABLES].flatMap(
  (statement) => /^CREATE TABLE (\w+)/.exec(statement)?.[1] ?? [],
);
