import type { FastifyRequest } from 'fastify';
import { notFound } from '@rollcall/database';
import { publicId } from '@rollcall/platform';

/**
 * Throws AppError `organization_not_found` when the path of a route that is a client's of one organization (`own`) names another's:
 * that is not told from one that is not there.
 */
export function requireOwn(request: FastifyRequest, organizationId: string): void {
  const { organization_id: named } = request.params as { organization_id?: string };
  if (named !== publicId('org', organizationId)) throw notFound('organization');
}
