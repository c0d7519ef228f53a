import { createECDH, createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { deriveKey, deriveKeys } from './derive-key';
import type { DerivedKeys, SecretKeys } from './derive-key';

/** A public key as anybody may know it (RFC 7517). */
export interface PublishedKey {
  kty: 'EC';
  crv: 'P-256';
  x: string;
  y: string;
  /** Its thumbprint (RFC 7638). */
  kid: string;
  alg: 'ES256';
  use: 'sig';
}

export interface KeyPair {
  privateKey: KeyObject;
  publicKey: KeyObject;
  published: PublishedKey;
}

/** What access tokens are signed and verified with. */
export interface AccessTokenKeys {
  /** The newest, to sign with, then those of the previous secret keys, which only verify. */
  pairs: readonly [newest: KeyPair, ...previous: KeyPair[]];
  /** For HS256, which the release before has alone: it may run beside this one. */
  secrets: DerivedKeys;
}

/**
 * The keys of access tokens, derived from `SECRET_KEY` and its predecessors: every process of an installation has the same without asking
 * anybody, and they change when `SECRET_KEY` does.
 */
export function accessTokenKeys(keys: SecretKeys): AccessTokenKeys {
  const pairOf = (secretKey: Uint8Array) => makePair(deriveKey(secretKey, 'access-token-pair'));
  const { secretKey, previousSecretKeys = [] } = keys;
  return {
    pairs: [pairOf(secretKey), ...previousSecretKeys.map(pairOf)],
    secrets: deriveKeys(keys, 'access-token'),
  };
}

/** The order of P-256 (FIPS 186-5, SP 800-186): private keys are below it. */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** The pair whose private key is the seed, or, once in four billion, its hash. */
function makePair(seed: Buffer): KeyPair {
  const scalar = BigInt(`0x${seed.toString('hex')}`);
  if (scalar === 0n || scalar >= ORDER) return makePair(createHash('sha256').update(seed).digest());
  const curve = createECDH('prime256v1');
  curve.setPrivateKey(seed);
  const point = curve.getPublicKey();
  const [x, y] = [point.subarray(1, 33).toString('base64url'), point.subarray(33).toString('base64url')];
  const jwk = { kty: 'EC', crv: 'P-256', x, y } as const;
  const privateKey = createPrivateKey({ key: { ...jwk, d: seed.toString('base64url') }, format: 'jwk' });
  return {
    privateKey,
    publicKey: createPublicKey(privateKey),
    published: { ...jwk, kid: thumbprint(x, y), alg: 'ES256', use: 'sig' },
  };
}

function thumbprint(x: string, y: string): string {
  return createHash('sha256').update(`{"crv":"P-256","kty":"EC","x":"${x}","y":"${y}"}`).digest('base64url');
}
