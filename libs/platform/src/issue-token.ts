import { createHash, randomBytes } from 'node:crypto';
import { encodeCrockford } from './crockford-base32';
import { isBareId } from './new-id';

/** `rc` = SCIM bearer token, `rcs` = client secret of the management API, `sk` = API key of the management API. */
export type TokenTag = 'rc' | 'rcs' | 'sk';

const TOKEN = /^(rcs?|sk)_([0-9a-z]{26})_([0-9a-hjkmnp-tv-z]{32})_([0-9a-hjkmnp-tv-z]{6})$/;

/**
 * A new secret `rc_<secret id>_<32 random characters>_<checksum>`, 69 characters of `[a-z0-9_]` (70 with tag `rcs`, 69 with `sk`).
 * The id finds the stored hash; the checksum lets garbage be refused before any hashing.
 * @param secretId bare id of the row that will hold the hash
 * @param random 20 bytes (160 bits) of randomness
 */
export function issueToken(secretId: string, random: Uint8Array = randomBytes(20), tag: TokenTag = 'rc'): string {
  if (!isBareId(secretId)) throw new TypeError('a token is issued for a bare id of 26 characters');
  if (random.length !== 20) throw new TypeError('a token takes 20 random bytes');
  const text = `${tag}_${secretId}_${encodeCrockford(random)}`;
  return `${text}_${checksum(text)}`;
}

/**
 * The secret id in a token, or null for anything that was not made by {@link issueToken} with that tag. Proves nothing:
 * the token is genuine only if its hash verifies.
 */
export function parseToken(text: string, tag: TokenTag = 'rc'): { secretId: string } | null {
  const secretId = claimedSecretId(text, tag);
  const end = text.length - 7;
  if (secretId === null || checksum(text.slice(0, end)) !== text.slice(end + 1)) return null;
  return { secretId };
}

/** The secret id in a text of a token's form, its checksum not looked at: enough to find out whether it was verified before. */
export function claimedSecretId(text: string, tag: TokenTag = 'rc'): string | null {
  const [, found, secretId = ''] = TOKEN.exec(text) ?? [];
  return found === tag && isBareId(secretId) ? secretId : null;
}

/** The last four characters, stored beside the hash so that people can tell their secrets apart. */
export function tokenSuffix(token: string): string {
  return token.slice(-4);
}

/** 30 bits of SHA-256: catches typing errors and truncation, and says nothing useful about the random part. */
function checksum(text: string): string {
  return encodeCrockford(createHash('sha256').update(text).digest().subarray(0, 5)).slice(0, 6);
}
