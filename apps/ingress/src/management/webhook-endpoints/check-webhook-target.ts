import { EgressError } from '@rollcall/egress';
import type { EgressClient } from '@rollcall/egress';
import { AppError } from '@rollcall/platform';

/** Refuses a URL that no delivery could be sent to: 400 when it is none, 422 `webhook_target_refused` with the guard's reason. */
export async function checkWebhookTarget(egress: Pick<EgressClient, 'checkTarget'>, url: string): Promise<void> {
  try {
    await egress.checkTarget(url);
  } catch (error) {
    if (!(error instanceof EgressError)) throw error;
    const fields = [{ field: 'url', problem: error.message }];
    if (error.reason === 'invalid_url') {
      throw new AppError({
        kind: 'invalid',
        code: 'invalid_request',
        message: `"url" is refused. ${error.message}`,
        details: { fields },
      });
    }
    throw new AppError({
      kind: 'refused',
      code: 'webhook_target_refused',
      message: `"url" is refused. ${error.message}`,
      details: { reason: error.reason, fields },
    });
  }
}
