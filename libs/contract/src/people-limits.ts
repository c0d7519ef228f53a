/**
 * How many of those whom a search of users or groups may find are looked at: of whoever has a term that begins with the rarest of its
 * words, in the order of the terms. A list that has as many may have more.
 */
export const FOUND_MAX = 5_000;

/** Users that one export has at most. */
export const EXPORTED_MAX = 250_000;

/** Roles that are listed to choose from. An application may have more. */
export const ROLES_MAX = 1_000;
