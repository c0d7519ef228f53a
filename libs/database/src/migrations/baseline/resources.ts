import { BY_DIRECTORY, ID } from './tenant';

/** What the identity provider writes. One row per resource, one per membership; the resource itself is JSON in schema case. */
export const RESOURCES_TABLES = [
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
  `CREATE INDEX changes_counted ON changes (directory_id) WHERE users_delta <> 0 OR groups_delta <> 0`,
];

/** Which rows of a table belong to the tenant that is set. */
export const RESOURCES_POLICIES: Record<string, string> = {
  directory_users: BY_DIRECTORY,
  directory_user_emails: BY_DIRECTORY,
  directory_groups: BY_DIRECTORY,
  memberships: BY_DIRECTORY,
  unresolved_members: BY_DIRECTORY,
  changes: BY_DIRECTORY,
};
