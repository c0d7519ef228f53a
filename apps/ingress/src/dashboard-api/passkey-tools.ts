import { deriveKeys } from '@rollcall/platform';
import type { SecretKeys } from '@rollcall/platform';
import type { PasskeyTools } from '@rollcall/management';

/** What passkeys of this server are made for and verified with. */
export function passkeyTools(config: SecretKeys & { publicUrl: string }, now: Date): PasskeyTools {
  return { origin: new URL(config.publicUrl).origin, keys: deriveKeys(config, 'passkey-challenge'), now };
}
