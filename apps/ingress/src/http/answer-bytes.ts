import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    /** Bytes that the connection had sent when this request came. */
    bytesSentBefore: number;
    /** Of an answer that leaves in a coding: the bytes of it that were made. */
    bytesBeforeCoding: (() => number) | null;
  }
}

/** Has every request keep what {@link answerBytes} goes by. */
export function countAnswers(server: FastifyInstance): void {
  server.decorateRequest('bytesSentBefore', 0);
  server.decorateRequest('bytesBeforeCoding', null);
  server.addHook('onRequest', (request, _reply, done) => {
    request.bytesSentBefore = request.raw.socket.bytesWritten;
    done();
  });
}

/**
 * How many bytes of an answer were made, whatever the coding in which they left and whether or not their number was announced. To be
 * asked when the answer is over.
 */
export function answerBytes(
  { bytesBeforeCoding, bytesSentBefore, raw: { socket } }: FastifyRequest,
  reply: FastifyReply,
): number {
  if (bytesBeforeCoding) return bytesBeforeCoding();
  if (reply.raw.chunkedEncoding) return socket.bytesWritten - bytesSentBefore;
  return Number(reply.getHeader('content-length') ?? 0);
}
