import { AppError } from '@rollcall/platform';
import type { Sealer } from '@rollcall/platform';
import { rotateWebhookSecret } from '@rollcall/webhooks';
import { WebhookSecret, readNow } from '@rollcall/database';
import { endpointTarget } from '../audit/audit-target';
import { recordChange } from '../audit/record-change';
import type { Writer } from '../audit/record-change';
import { requireEndpoint, viewEndpoint } from './find-webhook-endpoint';
import type { EndpointScope, WebhookEndpointView } from './find-webhook-endpoint';
import { makeWebhookSecret } from './make-webhook-secret';

/**
 * Adds a signing secret, which is returned; the others sign along for `overlapSeconds` at most. Throws AppError `webhook_endpoint_not_found`, and
 * `too_many_live_secrets` when three would still be live beside it.
 */
export async function rotateEndpointSecret(
  writer: Writer,
  sealer: Pick<Sealer, 'seal'>,
  scope: EndpointScope,
  overlapSeconds: number,
): Promise<{ view: WebhookEndpointView; secret: string }> {
  const { environmentId, endpointId } = scope;
  const { secret, stored } = makeWebhookSecret(sealer, endpointId);
  const view = await recordChange(writer, { environmentId }, async (manager) => {
    const endpoint = await requireEndpoint(manager, scope, true);
    const secrets = await manager.findBy(WebhookSecret, { environmentId, endpointId });
    const rotation = rotateWebhookSecret(secrets, overlapSeconds, await readNow(manager));
    if (rotation.kind === 'too-many-live-secrets') throw tooManyLiveSecrets(rotation.retryAt);
    for (const { id, expireTime } of rotation.expire) {
      await manager.update(WebhookSecret, { environmentId, endpointId, id }, { expireTime });
    }
    await manager.insert(WebhookSecret, { environmentId, endpointId, ...stored });
    const changes = { overlap_seconds: { from: null, to: overlapSeconds } };
    const target = endpointTarget(endpoint);
    return {
      answer: await viewEndpoint(manager, endpoint),
      entries: [{ action: 'webhook_endpoint.secret_rotated', target, organizationId: null, changes }],
    };
  });
  return { view, secret };
}

function tooManyLiveSecrets(retryAt: Date): AppError {
  return new AppError({
    kind: 'refused',
    code: 'too_many_live_secrets',
    message: 'This endpoint has three live secrets, the most there can be. Wait until one has expired.',
    details: { retry_time: retryAt.toISOString() },
  });
}
