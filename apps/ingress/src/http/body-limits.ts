import { MAX_BULK_PAYLOAD } from '@rollcall/scim';

const KILOBYTE = 1024;
const MEGABYTE = 1024 * KILOBYTE;

/**
 * Largest request body by route, in bytes; the first that matches. SCIM requests are authenticated before their bodies are read:
 * Okta's custom apps PUT a whole group, hence as much as Bulk. What comes before authentication is small, as large as its fields can be.
 */
const LIMITS: { route: RegExp; bytes: number }[] = [
  { route: /^\/scim\/[^/]+\/v2\/(Groups(\/|$)|Bulk$)/, bytes: MAX_BULK_PAYLOAD },
  { route: /^\/scim\//, bytes: MEGABYTE },
  { route: /^\/oauth\//, bytes: 8 * KILOBYTE },
  // A passkey's answer is a few kB.
  { route: /^\/dashboard\/api\//, bytes: 32 * KILOBYTE },
  // A thousand groups with a role each; two hundred paths with their fallbacks.
  { route: /\/(roles:+assign|attributes|AssignRoles|UpdateAttributes)$/, bytes: 256 * KILOBYTE },
];

/** Of every other route, unknown ones included. */
export const SMALL_BODY = 64 * KILOBYTE;

/** The limit of a route template such as `/scim/:key/v2/Users`. */
export function bodyLimitOf(route: string): number {
  return LIMITS.find((limit) => limit.route.test(route))?.bytes ?? SMALL_BODY;
}

/** A size as people read it. */
export function describeBytes(bytes: number): string {
  return bytes < MEGABYTE ? `${bytes / KILOBYTE} kB` : `${bytes / MEGABYTE} MB`;
}
