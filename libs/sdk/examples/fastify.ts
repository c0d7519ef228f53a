import { verifyWebhook, WebhookVerificationError } from '@rollcall/sdk';
import type { RollcallEvent } from '@rollcall/sdk';
import type { FastifyInstance } from 'fastify';

/** `app.register(rollcallWebhooks, { secret, handle })`: a plugin, so that other routes keep their JSON parser. */
export async function rollcallWebhooks(
  app: FastifyInstance,
  { secret, handle }: { secret: string; handle: (event: RollcallEvent) => Promise<void> },
): Promise<void> {
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

  app.post<{ Body: Buffer }>('/webhooks/rollcall', async (request, reply) => {
    try {
      await handle(await verifyWebhook({ secret, headers: request.headers, body: request.body }));
      return reply.code(204).send();
    } catch (error) {
      // What is thrown on becomes a 500, and whatever is not 2xx is delivered again later.
      if (!(error instanceof WebhookVerificationError)) throw error;
      return reply.code(400).send(error.message);
    }
  });
}
