import type { IncomingMessage, ServerResponse } from 'node:http';
import { verifyWebhook, WebhookVerificationError } from '@rollcall/sdk';
import type { RollcallEvent } from '@rollcall/sdk';

/**
 * For Express 4 and 5, before any JSON parser:
 *
 *     app.post('/webhooks/rollcall', express.raw({ type: 'application/json' }), receiveEvents(secret, handle));
 */
export function receiveEvents(secret: string, handle: (event: RollcallEvent) => Promise<void>) {
  return async (request: IncomingMessage & { body: Buffer }, response: ServerResponse): Promise<void> => {
    try {
      await handle(await verifyWebhook({ secret, headers: request.headers, body: request.body }));
      response.writeHead(204).end();
    } catch (error) {
      // Whatever is not 2xx is delivered again later. Express 4 does not catch what an async handler throws.
      const isRefused = error instanceof WebhookVerificationError;
      response.writeHead(isRefused ? 400 : 500).end(isRefused ? error.message : 'The event could not be handled.');
    }
  };
}
