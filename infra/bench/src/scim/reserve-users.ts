let reserved = 0;

/**
 * The first of `count` numbers for `buildOktaUser` that nobody else gets: one of the systems takes an e-mail address only once,
 * whatever the directory.
 */
export function reserveUsers(count: number): number {
  const first = reserved;
  reserved += count;
  return first;
}
