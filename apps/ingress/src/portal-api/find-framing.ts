import type { FastifyRequest } from 'fastify';
import { PORTAL_EMBED_PARAMETER } from '@rollcall/contract';
import type { DataSource } from '@rollcall/database';
import { findAllowedOrigins, findPortalSession } from '@rollcall/management';
import { hashOpaqueToken, parseId } from '@rollcall/platform';
import type { Clock } from '@rollcall/platform';
import { isEmbedded, readFramedCookie } from './portal-cookie';

/** Which pages may show the answer to this request in a frame: their origins, none as a rule. */
export type FindFraming = (request: FastifyRequest) => Promise<string[]>;

/**
 * Finds the origins for a page of the portal. A link names its environment, which opens nothing: it says only who may frame the page.
 * A page that is loaded again has its session, and an address that names another environment is no way for that one's owner to frame
 * it. What is not asked for by a frame may be framed by nobody, and costs no look-up.
 */
export function createFraming(
  dataSource: DataSource,
  { publicUrl, clock }: { publicUrl: string; clock: Clock },
): FindFraming {
  return async (request) => {
    const named = readEnvironment(request.query);
    // A browser that says nothing of where a page goes may be asking for a frame.
    if (!isEmbedded(request) && (named === null || request.headers['sec-fetch-dest'] !== undefined)) return [];
    const ofSession = await environmentOfSession(request);
    const environmentId = named ?? ofSession;
    if (environmentId === null || (ofSession !== null && ofSession !== environmentId)) return [];
    return findAllowedOrigins(dataSource, environmentId);
  };

  async function environmentOfSession(request: FastifyRequest): Promise<string | null> {
    const token = readFramedCookie(request, publicUrl);
    const session = token === null ? null : await findPortalSession(dataSource, hashOpaqueToken(token), clock());
    return session?.environmentId ?? null;
  }
}

function readEnvironment(query: unknown): string | null {
  const { [PORTAL_EMBED_PARAMETER]: named } = (query ?? {}) as Record<string, unknown>;
  return typeof named === 'string' ? parseId('env', named) : null;
}
