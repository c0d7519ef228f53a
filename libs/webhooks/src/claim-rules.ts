/** How deliveries are leased. What runs is SQL (`claim_deliveries`), which takes these numbers with every call. */
export interface ClaimRules {
  /** How long an earlier delivery of the same resource holds back later ones, from its first attempt. */
  holdMs: number;
  /** How long a delivery is leased to one worker; then it is up for anyone again. */
  leaseMs: number;
  /** Rows at the front of a backlog that are looked at for some that may go. */
  window: number;
  /** Rows that one claim defers when too few may go; it holds the endpoint's lock meanwhile. */
  deferredAtOnce: number;
  /** Directories that one claim looks at to let them have their turn. */
  directoriesPerTurn: number;
  /** Rows that it looks at of each of them. */
  frontOfDirectory: number;
  /** What the bodies may take together of deliveries that are leased before they can begin. */
  aheadBytes: number;
}

export const CLAIM_RULES: ClaimRules = {
  holdMs: 15 * 60_000,
  leaseMs: 30_000,
  window: 100,
  deferredAtOnce: 200,
  directoriesPerTurn: 50,
  frontOfDirectory: 20,
  aheadBytes: 512 * 1024,
};
