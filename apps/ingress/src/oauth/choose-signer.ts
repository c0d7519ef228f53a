import type { IncomingHttpHeaders } from 'node:http';
import type { AccessTokenSigner } from '@rollcall/platform';
import { OWN_VERSION } from '@rollcall/database';

/** The version of the database from which on every process takes tokens that were signed with a key pair. */
const PAIRS_SINCE = 7;

/**
 * With what a token is signed. While processes run beside this one that know no key pairs, a client that may come to one of them gets a
 * token that they take too. Scalekit's SDKs, whose tokens are verified with the published keys, come to none: what they call those have not.
 * @param headers of the request for the token
 * @param oldestServed the oldest version of a process that may run beside this one
 */
export function chooseSigner(
  { 'x-sdk-version': sdk }: IncomingHttpHeaders,
  oldestServed: number = OWN_VERSION.oldestServed,
): AccessTokenSigner {
  const isScalekit = typeof sdk === 'string' && /^scalekit-/i.test(sdk);
  return isScalekit || oldestServed >= PAIRS_SINCE ? 'pair' : 'secret';
}
