import { BY_DIRECTORY, BY_EITHER, ID } from './tenant';

/** What was told to the outside: the objects last published, and the log, which is partitioned by its id, which is time. */
export const EVENTS_TABLES = [
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

/** Which rows of a table belong to the tenant that is set. */
export const EVENTS_POLICIES: Record<string, string> = {
  published_users: BY_DIRECTORY,
  published_groups: BY_DIRECTORY,
  published_memberships: BY_DIRECTORY,
  events: BY_EITHER,
};
