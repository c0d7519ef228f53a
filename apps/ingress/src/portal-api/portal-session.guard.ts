import { createParamDecorator, Inject, Injectable, SetMetadata } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { PORTAL_ORGANIZATION_HEADER } from '@rollcall/contract';
import { refuseWhileFeatureOff } from '@rollcall/directory';
import { AppError, hashOpaqueToken, publicId } from '@rollcall/platform';
import type { Clock } from '@rollcall/platform';
import { DataSource, InjectDataSource } from '@rollcall/database';
import type { Organization } from '@rollcall/database';
import { admitPortalSession, portalSessionActor, requirePortalSession } from '@rollcall/management';
import type { OrganizationScope, PortalSessionView } from '@rollcall/management';
import { CLOCK, CONFIG } from '../http/context.module';
import type { IngressConfig } from '../http/context.module';
import { isSafe } from '../http/is-safe';
import { setActor } from '../http/request-writer';
import { readSessionCookie } from './portal-cookie';

/** Sessions of requests under way; a request carries nothing that its credential did not say. */
const sessions = new WeakMap<FastifyRequest, PortalSessionView>();

/** What controllers have that answer while Directory Sync is off. */
const OPEN_WHILE_OFF = 'rollcall:open-while-feature-off';

/**
 * Lets a request in with the cookie of a portal session, read from the database each time: from a page of that organization, and
 * only while Directory Sync is on. Throws AppError 401 as requirePortalSession does, 409 `session_of_another_organization`, 400
 * `invalid_request` for a change that does not say for which organization it is, and 403 `feature_disabled`. A change finds out again
 * in its own transaction, because a request may have waited for its turn or for a lock.
 */
@Injectable()
export class PortalSessionGuard implements CanActivate {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(CONFIG) private readonly config: IngressConfig,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const token = readSessionCookie(request, this.config.publicUrl);
    const tokenHash = token === null ? null : hashOpaqueToken(token);
    const session = await requirePortalSession(this.dataSource, tokenHash, this.clock());
    request.tenant = { environmentId: session.environmentId, organizationId: session.organization.id };
    refuseOtherPage(request, session.organization);
    const isOpen = this.reflector.getAllAndOverride<boolean>(OPEN_WHILE_OFF, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (!isOpen) refuseWhileFeatureOff(session.organization);
    setActor(request, portalSessionActor(session), isOpen ? undefined : admitPortalSession(session, this.clock));
    sessions.set(request, session);
    return true;
  }
}

/** For a controller whose routes answer while Directory Sync is off for the organization; every other route is refused then. */
export const OpenWhileFeatureOff = () => SetMetadata(OPEN_WHILE_OFF, true);

/** The tabs of a browser share one cookie: a page that was opened for another organization must neither show nor change this one. */
function refuseOtherPage(request: FastifyRequest, organization: Organization): void {
  const shown = request.headers[PORTAL_ORGANIZATION_HEADER];
  if (shown !== undefined) return refuseOtherOrganization(String(shown), organization);
  if (isSafe(request)) return;
  throw new AppError({
    kind: 'invalid',
    code: 'invalid_request',
    message: `Reload the page: it did not say for which organization this is (${PORTAL_ORGANIZATION_HEADER}).`,
  });
}

/** Throws AppError 409 `session_of_another_organization` unless the page shows the session's organization. */
export function refuseOtherOrganization(shown: string, { id, displayName }: Organization): void {
  if (shown === publicId('org', id)) return;
  throw new AppError({
    kind: 'conflict',
    code: 'session_of_another_organization',
    message: 'This browser has the portal of another organization open now. Nothing was done.',
    details: { present: displayName },
  });
}

/** The session that a request acts in. */
export const Session = createParamDecorator((_: undefined, context: ExecutionContext): PortalSessionView => {
  const session = sessions.get(context.switchToHttp().getRequest<FastifyRequest>());
  if (session) return session;
  throw new Error('Session stands behind PortalSessionGuard');
});

/** The organization that a session is for: all that it can reach. */
export function scopeOf(session: PortalSessionView): OrganizationScope {
  return { environmentId: session.environmentId, organizationId: session.organization.id };
}
