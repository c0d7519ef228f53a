import type { FastifyReply, FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    /** The status of HTTP that fits what a call of gRPC was told: such an answer has 200 whatever it says. */
    toldStatus: number | null;
  }
}

/** How a request ended, as HTTP says it. */
export function statusOf(request: FastifyRequest, reply: FastifyReply): number {
  return request.toldStatus ?? reply.statusCode;
}
