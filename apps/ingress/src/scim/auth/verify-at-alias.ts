import { LRUCache } from 'lru-cache';
import type { Pool } from '@rollcall/database';
import { isForeignToken } from '@rollcall/directory';
import { addressBlock, shareUnderWay } from '@rollcall/platform';
import type { SecretHasher } from '@rollcall/platform';
import { findDirectoryAtAlias } from '@rollcall/scim-store';
import type { ScimCaller } from '@rollcall/scim-store';
import { REMEMBERED_SECRETS } from '../../http/context.module';
import type { RateLimits } from '../../http/rate-limits';
import { UnknownToken } from './unknown-token';

/** An alias can be given to another directory, once the one that had it is deleted. */
const REMEMBERED_MS = 60_000;

/**
 * Verifies that a token, which came from an address, is a secret of the directory that is reached at an alias. What it brings of another
 * service names no secret: it is found by its hash. Throws UnknownToken, which names the directory if there is one, when it is none.
 */
export type AliasVerifier = (alias: string, token: string, from: string) => Promise<ScimCaller>;

/**
 * A verifier that needs no look-up for tokens that it has seen before, and bounds those for tokens that are none: it throws AppError
 * `rate_limited`, before the look-up, when the address has sent too many of them.
 */
export function createAliasVerifier({
  pool,
  hasher,
  limits,
}: {
  pool: Pool;
  hasher: Pick<SecretHasher, 'hashGenerated'>;
  limits: Pick<RateLimits, 'findUnproven'>;
}): AliasVerifier {
  const callers = new LRUCache<string, ScimCaller>({ max: REMEMBERED_SECRETS, ttl: REMEMBERED_MS });
  const oncePer = shareUnderWay<ScimCaller>();

  async function find(alias: string, hash: string | null, from: string): Promise<ScimCaller> {
    let directoryId = alias;
    const found = await limits.findUnproven(addressBlock(from), async () => {
      const reached = await findDirectoryAtAlias(pool, alias, hash);
      directoryId = reached?.directoryId ?? alias;
      return reached?.caller ?? null;
    });
    if (!found) throw new UnknownToken(directoryId);
    return found;
  }

  return async (alias, token, from) => {
    // What can be no secret is looked up as well: the directory's administrator is told of it.
    const hash = isForeignToken(token) ? hasher.hashGenerated(token) : null;
    const key = `${alias} ${hash}`;
    const known = callers.get(key);
    if (known) return known;
    const found = await oncePer(key, () => find(alias, hash, from));
    callers.set(key, found);
    return found;
  };
}
