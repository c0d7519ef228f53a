import { verifyWebhook, WebhookVerificationError } from '@rollcall/sdk';
import type { RollcallEvent } from '@rollcall/sdk';

/** `app.post('/webhooks/rollcall', receiveEvents(secret, handle))` */
export function receiveEvents(secret: string, handle: (event: RollcallEvent) => Promise<void>) {
  return async ({ req }: { req: { raw: Request } }): Promise<Response> => {
    try {
      await handle(await verifyWebhook({ secret, headers: req.raw.headers, body: await req.raw.arrayBuffer() }));
      return new Response(null, { status: 204 });
    } catch (error) {
      // What is thrown on becomes a 500, and whatever is not 2xx is delivered again later.
      if (!(error instanceof WebhookVerificationError)) throw error;
      return new Response(error.message, { status: 400 });
    }
  };
}
