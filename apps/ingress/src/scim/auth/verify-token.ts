import { LRUCache } from 'lru-cache';
import type { Pool } from '@rollcall/database';
import { isAlias } from '@rollcall/directory';
import { addressBlock, claimedSecretId, isBareId, isKeyedHash, parseToken, shareUnderWay } from '@rollcall/platform';
import type { Logger, SecretHasher } from '@rollcall/platform';
import { ScimError } from '@rollcall/scim';
import { findDirectorySecret, rehashDirectorySecret } from '@rollcall/scim-store';
import type { ScimCaller } from '@rollcall/scim-store';
import { REMEMBERED_SECRETS } from '../../http/context.module';
import type { RateLimits } from '../../http/rate-limits';
import { readBearerToken } from './read-bearer-token';
import { UnknownToken } from './unknown-token';
import { createAliasVerifier } from './verify-at-alias';

/**
 * Verifies that the token of a request, which came from an address, is a secret of the directory that the key of its URL names: by its
 * id, or by an alias of another service. Throws ScimError 401, AppError
 * `too_many_attempts` or, before anything is looked up, `rate_limited`, when the address has sent too many that are none.
 */
export type TokenVerifier = (key: string, authorization: string | undefined, from: string) => Promise<ScimCaller>;

/** A verifier that needs no look-up for tokens that it has seen before, and bounds those for tokens that are none. */
export function createTokenVerifier({
  pool,
  hasher,
  logger,
  limits,
}: {
  pool: Pool;
  hasher: SecretHasher;
  logger: Logger;
  limits: Pick<RateLimits, 'findUnproven'>;
}): TokenVerifier {
  // Hash versions of the secrets in use. An outdated one only costs a look-up.
  const versions = new LRUCache<string, number>({ max: REMEMBERED_SECRETS });

  // A provider that comes with many requests at once, to a process that has not seen its token, costs one look-up.
  const oncePer = shareUnderWay<Awaited<ReturnType<typeof findDirectorySecret>>>();

  /** Tokens were stored as argon2id once, at a cost that a token with so much randomness is not worth. Nobody waits for this. */
  function rehash(token: string, caller: ScimCaller, from: string): void {
    rehashDirectorySecret(pool, caller, { from, to: hasher.hashGenerated(token) }).catch((error: unknown) => {
      logger.warn({ err: error }, "could not store a token's hash anew");
    });
  }

  const verifyAtAlias = createAliasVerifier({ pool, hasher, limits });

  return async (directoryId, authorization, from) => {
    const token = readBearerToken(authorization);
    if (token === undefined)
      throw new ScimError(401, undefined, 'Send the token of this directory in the Authorization header.');
    if (isAlias(directoryId)) return verifyAtAlias(directoryId, token, from);
    const secretId = claimedSecretId(token);
    if (secretId === null || !isBareId(directoryId)) throw new UnknownToken(directoryId);
    const id = `${directoryId}/${secretId}`;
    const version = versions.get(id);
    if (version !== undefined && hasher.isRemembered(token, { id, version })) {
      return { directoryId, secretId, secretVersion: version };
    }
    if (!parseToken(token)) throw new UnknownToken(directoryId);
    const stored = await oncePer(`${id}/${token}`, () =>
      limits.findUnproven(addressBlock(from), async () => {
        const found = await findDirectorySecret(pool, directoryId, secretId);
        return found && (await hasher.verify(token, { id, ...found }, from)) ? found : null;
      }),
    );
    if (!stored) throw new UnknownToken(directoryId);
    versions.set(id, stored.version);
    const caller = { directoryId, secretId, secretVersion: stored.version };
    if (!isKeyedHash(stored.hash)) rehash(token, caller, stored.hash);
    return caller;
  };
}
