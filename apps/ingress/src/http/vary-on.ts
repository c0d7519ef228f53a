import type { FastifyReply } from 'fastify';

/** Says that an answer depends on a header of the request (RFC 9110 §12.5.5), besides those that it names already. */
export function varyOn(reply: FastifyReply, header: string): void {
  const names = String(reply.getHeader('vary') ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '');
  if (!names.includes(header)) reply.header('vary', [...names, header].join(', '));
}
