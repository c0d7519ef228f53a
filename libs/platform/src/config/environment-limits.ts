/**
 * The rate limits that an environment may have of its own: what holds when nobody says anything, and the least, which identity
 * providers and apps may rely on.
 */
export const ENVIRONMENT_LIMITS = {
  /** SCIM requests of a directory. */
  requests_per_second: { fallback: 200, min: 50 },
  /** Users, groups and named members that a directory writes. */
  rows_per_minute: { fallback: 240_000, min: 100_000 },
  /** What the searches of a directory that look into every resource may take of a processor. */
  search_seconds_per_minute: { fallback: 15, min: 5 },
  /** Requests to the management API and the portal. */
  api_requests_per_second: { fallback: 100, min: 10 },
  /** How many seconds' worth of these may come at once. */
  burst_seconds: { fallback: 300, min: 1 },
} as const;

export type EnvironmentLimit = keyof typeof ENVIRONMENT_LIMITS;
/** An environment's own limits; what is absent is that of the processes. */
export type OwnLimits = Partial<Record<EnvironmentLimit, number>>;

/** The most that any limit may be. */
export const LIMIT_MAX = 999_999;
