import { verifyWebhook, WebhookVerificationError } from '@rollcall/sdk';
import type { RollcallEvent } from '@rollcall/sdk';

/**
 * For a route handler of the App Router, such as `app/webhooks/rollcall/route.ts`:
 *
 *     export const POST = receiveEvents(process.env.ROLLCALL_WEBHOOK_SECRET, handle);
 */
export function receiveEvents(secret: string, handle: (event: RollcallEvent) => Promise<void>) {
  return async (request: Request): Promise<Response> => {
    try {
      await handle(await verifyWebhook({ secret, headers: request.headers, body: await request.text() }));
      return new Response(null, { status: 204 });
    } catch (error) {
      // What is thrown on becomes a 500, and whatever is not 2xx is delivered again later.
      if (!(error instanceof WebhookVerificationError)) throw error;
      return new Response(error.message, { status: 400 });
    }
  };
}
