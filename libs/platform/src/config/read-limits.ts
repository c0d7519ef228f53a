import { ENVIRONMENT_LIMITS, LIMIT_MAX } from './environment-limits';
import { readInteger } from './read-values';
import type { ReadVariable } from './read-values';

/** What may be asked for at most where an environment has no limit of its own. */
export interface LimitDefaults {
  /** SCIM requests of a directory. */
  requestsPerSecond: number;
  /** Users, groups and members that a directory writes. */
  rowsPerMinute: number;
  /** What the searches of a directory that look into every resource may take of a processor. */
  searchSecondsPerMinute: number;
  /** Requests of an environment to the management API and its portals. */
  apiRequestsPerSecond: number;
  /** Requests of an address without a credential. */
  addressRequestsPerSecond: number;
  /** How many seconds' worth of each may come at once. */
  burstSeconds: number;
}

/** Reads `LIMIT_…`. Those of a directory are never below what identity providers may rely on. Throws ConfigError. */
export function readLimits(read: ReadVariable): LimitDefaults {
  const limit = (name: string, range: { fallback: number; min: number }) =>
    readInteger(name, read(name), { ...range, max: LIMIT_MAX });
  return {
    requestsPerSecond: limit('LIMIT_REQUESTS_PER_SECOND', ENVIRONMENT_LIMITS.requests_per_second),
    rowsPerMinute: limit('LIMIT_ROWS_PER_MINUTE', ENVIRONMENT_LIMITS.rows_per_minute),
    searchSecondsPerMinute: limit('LIMIT_SEARCH_SECONDS_PER_MINUTE', ENVIRONMENT_LIMITS.search_seconds_per_minute),
    apiRequestsPerSecond: limit('LIMIT_API_REQUESTS_PER_SECOND', ENVIRONMENT_LIMITS.api_requests_per_second),
    addressRequestsPerSecond: limit('LIMIT_ADDRESS_REQUESTS_PER_SECOND', { fallback: 100, min: 10 }),
    burstSeconds: limit('LIMIT_BURST_SECONDS', ENVIRONMENT_LIMITS.burst_seconds),
  };
}
