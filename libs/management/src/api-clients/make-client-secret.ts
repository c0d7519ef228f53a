import { issueToken, newId } from '@rollcall/platform';
import type { SecretHasher } from '@rollcall/platform';
import type { NewApiClientSecret } from '@rollcall/database';

/** A client secret with the API key beside it, in clear: shown this once. */
export interface ClearClientSecret {
  clientSecret: string;
  apiKey: string;
}

/** Makes both of 160 random bits: themselves, and what is stored of them. Their id stands in them. */
export function makeClientSecret(
  hasher: Pick<SecretHasher, 'hashGenerated'>,
  id: string = newId(),
): { clear: ClearClientSecret; stored: NewApiClientSecret } {
  const clear = { clientSecret: issueToken(id, undefined, 'rcs'), apiKey: issueToken(id, undefined, 'sk') };
  const secretHash = hasher.hashGenerated(clear.clientSecret);
  return { clear, stored: { id, secretHash, keyHash: hasher.hashGenerated(clear.apiKey) } };
}
