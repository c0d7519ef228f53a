import type { FastifyRequest } from 'fastify';
import { isSafe } from '../../http/is-safe';

/** Whether a SCIM request only reads: one of a safe method, or a search that is sent as a body (RFC 7644 §3.4.3). */
export function isRead(request: Pick<FastifyRequest, 'method' | 'routeOptions'>): boolean {
  return isSafe(request) || (request.routeOptions.url?.endsWith('/.search') ?? false);
}
