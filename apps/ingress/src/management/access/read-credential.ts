import type { FastifyRequest } from 'fastify';

/** The access token or API key that a request comes with. */
export function readCredential({ headers }: Pick<FastifyRequest, 'headers'>): string | undefined {
  return /^bearer +([^\s]+) *$/i.exec(headers.authorization ?? '')?.[1];
}
