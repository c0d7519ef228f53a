import { randomBytes } from 'node:crypto';
import { newId } from '@rollcall/platform';
import type { Sealer } from '@rollcall/platform';
import { generateWebhookSecret } from '@rollcall/webhooks';

/** A signing secret as it is stored: sealed under the secret key, for its endpoint alone. */
export interface SealedWebhookSecret {
  id: string;
  sealedSecret: string;
}

/** Makes a signing secret for an endpoint, given by its bare id: the secret itself, and what is stored of it. */
export function makeWebhookSecret(
  sealer: Pick<Sealer, 'seal'>,
  endpointId: string,
): { secret: string; stored: SealedWebhookSecret } {
  const secret = generateWebhookSecret(randomBytes(32));
  return { secret, stored: { id: newId(), sealedSecret: sealer.seal(secret, 'webhookSecret', endpointId) } };
}
