/** How far the connection of a directory has come: no secret yet, no request of the identity provider yet, connected. */
export const DIRECTORY_STATUSES = ['DRAFT', 'IN_PROGRESS', 'COMPLETED'] as const;
export type DirectoryStatus = (typeof DIRECTORY_STATUSES)[number];

/** Whether the identity provider can use a bearer token. */
export const SECRET_STATUSES = ['ACTIVE', 'EXPIRED', 'REVOKED'] as const;
export type SecretStatus = (typeof SECRET_STATUSES)[number];

/** What has become of a link that hands a directory over. `CONNECTED`: the bearer token that it showed is in use. */
export const HAND_OVER_STATES = ['NOT_OPENED', 'OPENED', 'TOKEN_SHOWN', 'CONNECTED', 'EXPIRED', 'REVOKED'] as const;
export type HandOverState = (typeof HAND_OVER_STATES)[number];

/** How far the worker has come with a job of the management API. */
export const JOB_STATES = ['pending', 'running', 'finished'] as const;
export type JobState = (typeof JOB_STATES)[number];

/** Whether deprovisioning of a directory's users waits for a decision of the owner. */
export const DEPROVISIONING_STATUSES = ['NONE', 'HELD'] as const;
export type DeprovisioningStatus = (typeof DEPROVISIONING_STATUSES)[number];

/** What the owner decides about users whose deprovisioning is held: publish it, or keep what is published. */
export const HOLD_ACTIONS = ['release', 'discard'] as const;
export type HoldAction = (typeof HOLD_ACTIONS)[number];

/** What a release does to a held user. `UPDATE`: the identity provider has made the user active again meanwhile. */
export const HELD_USER_KINDS = ['DEACTIVATE', 'DELETE', 'UPDATE'] as const;
export type HeldUserKind = (typeof HELD_USER_KINDS)[number];

/** What has become of a held user. */
export const HELD_USER_STATES = ['HELD', 'RELEASING', 'DISCARDING', 'DISCARDED'] as const;
export type HeldUserState = (typeof HELD_USER_STATES)[number];

/**
 * In what order an endpoint gets events. `resource`: those of one user or group in order, for a time; `fifo`: those of one
 * directory in `sequence` order, always; `none`: as they come.
 */
export const ORDERINGS = ['resource', 'fifo', 'none'] as const;
export type Ordering = (typeof ORDERINGS)[number];

/** In whose form an endpoint gets events, where not in ours. */
export const DIALECTS = ['scalekit', 'workos'] as const;
export type Dialect = (typeof DIALECTS)[number];

/** How a dialect tells that a user is active no more: as any other change, or as if the user were deleted. */
export const DEACTIVATIONS = ['delete', 'update'] as const;
export type Deactivation = (typeof DEACTIVATIONS)[number];

/** What has become of a delivery; `failed` is given up, `canceled` was discarded while it waited. */
export const DELIVERY_STATES = ['pending', 'succeeded', 'failed', 'canceled'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** What has become of a replay. */
export const REPLAY_STATES = ['running', 'paused', 'finished', 'canceled'] as const;
export type ReplayState = (typeof REPLAY_STATES)[number];

/** How long every attempt has failed, in percent of the time after which the endpoint is disabled, when its owner is warned. */
export const WARNING_PERCENTS = [50, 75, 90] as const;
export type WarningPercent = (typeof WARNING_PERCENTS)[number];
