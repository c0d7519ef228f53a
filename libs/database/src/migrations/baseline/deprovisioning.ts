import { BY_DIRECTORY, BY_EITHER, ID } from './tenant';

/** The deprovision guard: the users it holds, who lost access lately, and the decisions. Its limits and state stand in directory_counters. */
export const DEPROVISIONING_TABLES = [
  // hold_id: the change that began the hold, or the decision that took these users out of it; null after a discard.
  // resource: the user as last written, null for deleted.
  `CREATE TABLE held_users (
    directory_id ${ID} NOT NULL,
    user_id ${ID} NOT NULL,
    hold_id bigint,
    resource jsonb,
    held_time timestamptz NOT NULL,
    PRIMARY KEY (directory_id, user_id)
  )`,
  `CREATE INDEX held_users_hold ON held_users (directory_id, hold_id, user_id)`,
  // Memberships of held users that changed meanwhile; what is published of them stands in published_memberships.
  `CREATE TABLE held_memberships (
    directory_id ${ID} NOT NULL,
    user_id ${ID} NOT NULL,
    group_id ${ID} NOT NULL,
    is_member boolean NOT NULL,
    PRIMARY KEY (directory_id, user_id, group_id)
  )`,
  // Who lost access lately, for the sliding window. A decision begins a new window (window_id); rows of earlier ones are dead.
  `CREATE TABLE deprovisionings (
    directory_id ${ID} NOT NULL,
    user_id ${ID} NOT NULL,
    window_id bigint NOT NULL,
    time timestamptz NOT NULL,
    deleted boolean NOT NULL,
    PRIMARY KEY (directory_id, user_id)
  )`,
  `CREATE INDEX deprovisionings_window ON deprovisionings (directory_id, window_id, time)`,
  // One row per decision, kept after its end; change_id is the row of the outbox that drives it.
  `CREATE TABLE deprovisioning_jobs (
    directory_id ${ID} NOT NULL,
    hold_id bigint NOT NULL,
    environment_id ${ID} NOT NULL,
    change_id bigint NOT NULL,
    action text NOT NULL CHECK (action IN ('release', 'discard')),
    state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'running', 'finished')),
    total bigint NOT NULL,
    done bigint NOT NULL DEFAULT 0,
    create_time timestamptz NOT NULL DEFAULT now(),
    finish_time timestamptz,
    PRIMARY KEY (directory_id, hold_id)
  )`,
];

/** Which rows of a table belong to the tenant that is set. */
export const DEPROVISIONING_POLICIES: Record<string, string> = {
  held_users: BY_DIRECTORY,
  held_memberships: BY_DIRECTORY,
  deprovisionings: BY_DIRECTORY,
  deprovisioning_jobs: BY_EITHER,
};
