/** Body of `GET /readyz`: 200 while `status` is `ok`, 503 with the failing part named otherwise. */
export interface Readiness {
  status: 'ok' | 'unavailable';
  /** Parts that are away without stopping service, e.g. `queue`. */
  degraded: string[];
  /** The part without which nothing can be served, e.g. `database`. */
  failing?: string;
}

/** The readiness that follows from the states of the parts: a required part that is down fails, an optional one degrades. */
export function readiness(parts: { name: string; required: boolean; up: boolean }[]): Readiness {
  const down = parts.filter((part) => !part.up);
  const failing = down.find((part) => part.required)?.name;
  const degraded = down.filter((part) => !part.required).map((part) => part.name);
  return failing === undefined ? { status: 'ok', degraded } : { status: 'unavailable', degraded, failing };
}
