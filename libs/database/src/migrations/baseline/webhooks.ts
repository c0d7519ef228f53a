import { BY_EITHER, BY_ENVIRONMENT, ID } from './tenant';

/** Endpoints, what is sent to them, and replays: jobs that send a range of events to one endpoint once more. */
export const WEBHOOKS_TABLES = [
  // enabled_time: when the endpoint was last enabled after having been disabled. rate_limit: attempts per second.
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
    rate_limit integer CHECK (rate_limit > 0),
    enabled_time timestamptz,
    PRIMARY KEY (environment_id, id)
  )`,
  // Apart from the endpoint because every attempt may write it; health is the breaker's state as libs/webhooks defines it.
  // next_send_time: the rate limit's account, as libs/webhooks keeps it. exhausted_*: when the last delivery.exhausted was told,
  // and how many deliveries were exhausted since. deferring: deliveries of the endpoint may stand at a later time because an earlier
  // one of their resource holds them up.
  `CREATE TABLE webhook_endpoint_health (
    environment_id ${ID} NOT NULL,
    endpoint_id ${ID} NOT NULL,
    health jsonb NOT NULL DEFAULT '{}',
    cooling_until timestamptz,
    next_send_time timestamptz,
    exhausted_told_time timestamptz,
    exhausted_untold integer NOT NULL DEFAULT 0,
    deferring boolean NOT NULL DEFAULT false,
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
  // A delivery of an event that is in no directory's log carries its own body and has no sequence, and its directory_id is '' when
  // it concerns no directory. replay_id marks a delivery that a replay sends once more, test one that the owner asked for.
  `CREATE TABLE deliveries (
    directory_id ${ID} NOT NULL,
    id ${ID} NOT NULL,
    environment_id ${ID} NOT NULL,
    endpoint_id ${ID} NOT NULL,
    event_id ${ID} NOT NULL,
    event_type text NOT NULL,
    sequence bigint,
    resource_id ${ID} NOT NULL,
    state text NOT NULL CHECK (state IN ('pending', 'succeeded', 'failed', 'canceled')),
    attempt integer NOT NULL DEFAULT 0,
    first_attempt_time timestamptz,
    next_attempt_time timestamptz NOT NULL,
    claimed_until timestamptz,
    finish_time timestamptz,
    last_status integer,
    last_error text,
    body text,
    replay_id ${ID},
    test boolean NOT NULL DEFAULT false,
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
  `CREATE INDEX deliveries_pending_replay ON deliveries (environment_id, endpoint_id, replay_id, directory_id, sequence)
    WHERE state = 'pending' AND replay_id IS NOT NULL`,
  `CREATE INDEX deliveries_replay ON deliveries (environment_id, endpoint_id, replay_id, id) WHERE replay_id IS NOT NULL`,
  `CREATE INDEX deliveries_failed_replay ON deliveries (environment_id, endpoint_id, replay_id)
    WHERE state = 'failed' AND replay_id IS NOT NULL`,
  `CREATE INDEX deliveries_failed ON deliveries (environment_id, endpoint_id, id) WHERE state = 'failed'`,
  `CREATE INDEX deliveries_pending_tests ON deliveries (environment_id, endpoint_id) WHERE state = 'pending' AND test`,
  `CREATE INDEX deliveries_pending_unnumbered ON deliveries (environment_id, endpoint_id, id)
    WHERE state = 'pending' AND sequence IS NULL`,
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
  // snapshot: what was committed when the replay was made; later events come by themselves. position: the keys of the last row
  // that the scan has passed, null at the start. enqueued: deliveries made so far; those of them that are not pending are done.
  `CREATE TABLE replays (
    environment_id ${ID} NOT NULL,
    id ${ID} NOT NULL,
    endpoint_id ${ID} NOT NULL,
    state text NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'paused', 'finished', 'canceled')),
    directory_id ${ID},
    from_sequence bigint,
    to_sequence bigint,
    from_time timestamptz,
    to_time timestamptz,
    types text[] NOT NULL DEFAULT '{}',
    failed_only boolean NOT NULL DEFAULT false,
    oldest_sequence bigint,
    events_expired boolean NOT NULL DEFAULT false,
    snapshot text NOT NULL,
    position text[],
    scanned boolean NOT NULL DEFAULT false,
    total bigint NOT NULL,
    enqueued bigint NOT NULL DEFAULT 0,
    failed bigint NOT NULL DEFAULT 0,
    create_time timestamptz NOT NULL DEFAULT now(),
    finish_time timestamptz,
    PRIMARY KEY (environment_id, id),
    FOREIGN KEY (environment_id, endpoint_id) REFERENCES webhook_endpoints (environment_id, id) ON DELETE CASCADE
  )`,
  `CREATE INDEX replays_endpoint ON replays (environment_id, endpoint_id, id)`,
  // What every exchange with an endpoint asks for: there is next to nothing in it.
  `CREATE INDEX replays_unfinished ON replays (environment_id, endpoint_id) WHERE state IN ('running', 'paused')`,
];

/** Which rows of a table belong to the tenant that is set. */
export const WEBHOOKS_POLICIES: Record<string, string> = {
  webhook_endpoints: BY_ENVIRONMENT,
  webhook_endpoint_health: BY_ENVIRONMENT,
  webhook_secrets: BY_ENVIRONMENT,
  deliveries: BY_EITHER,
  delivery_attempts: BY_EITHER,
  replays: BY_ENVIRONMENT,
};
