import type { FastifyReply } from 'fastify';

/** Sends JSON that is text already under exactly this media type: to one without a charset Fastify would add one. */
export function sendJsonText(reply: FastifyReply, mediaType: string, text: string): FastifyReply {
  return reply
    .header('content-type', mediaType)
    .serializer((payload: string) => payload)
    .send(text);
}
