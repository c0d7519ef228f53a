const MEGABYTE = 1024 * 1024;

/** Largest request body by route, in bytes. Okta's custom apps PUT a whole group, hence its 16 MB. */
const LIMITS: { route: RegExp; bytes: number }[] = [
  { route: /^\/scim\/[^/]+\/v2\/Groups(\/|$)/, bytes: 16 * MEGABYTE },
  { route: /^\/scim\/[^/]+\/v2\/Bulk$/, bytes: 5 * MEGABYTE },
];

/** The limit of a route template such as `/scim/:key/v2/Users`. */
export function bodyLimitOf(route: string): number {
  return LIMITS.find((limit) => limit.route.test(route))?.bytes ?? MEGABYTE;
}
