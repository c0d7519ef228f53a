import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { holdMember, memberActor, refuseRole } from '@rollcall/management';
import { notFound } from '@rollcall/database';
import { AppError } from '@rollcall/platform';
import { MemberSessions, requireNamedEnvironment } from '../../dashboard-api/member-sessions';
import { CONFIG } from '../../http/context.module';
import type { IngressConfig } from '../../http/context.module';
import { isSafe } from '../../http/is-safe';
import { setActor } from '../../http/request-writer';
import { refuseForeignOrigin, refuseFormType } from '../../portal-api/same-origin.guard';
import type { RouteAccess } from './access';

/** Lets members of the dashboard in to the management API, with the cookie of their session. */
@Injectable()
export class MemberAccess {
  constructor(
    @Inject(CONFIG) private readonly config: IngressConfig,
    private readonly sessions: MemberSessions,
  ) {}

  /** Whether a request comes from a page of the dashboard: with a session's cookie and no credential of an API client. */
  claims(request: FastifyRequest): boolean {
    return request.headers.authorization === undefined && this.sessions.hasCookie(request);
  }

  /**
   * Admits the member of the session to the environment that the page names. Throws AppError `foreign_origin` and 415 for a change
   * that another site's page could have caused, 400 without an environment, `environment_not_found`, `role_required`, and
   * `unauthenticated`.
   */
  async admit(request: FastifyRequest, access: RouteAccess | undefined): Promise<void> {
    if (!isSafe(request)) this.refuseForeign(request);
    const environmentId = requireNamedEnvironment(request);
    const member = await this.sessions.require(request, environmentId);
    if (member.role === null) throw notFound('environment');
    request.tenant = { environmentId };
    if (!access) throw nobodyMay();
    refuseRole(member.role, access.member);
    setActor(request, memberActor(member), holdMember(member, { environmentId, role: access.member }));
  }

  /** The header that names the environment is one that a form cannot send; what a form can send is refused besides. */
  private refuseForeign(request: FastifyRequest): void {
    refuseForeignOrigin(request, this.config.publicUrl);
    const type = request.headers['content-type'];
    if (type !== undefined) refuseFormType(type);
  }
}

function nobodyMay(): AppError {
  return new AppError({ kind: 'forbidden', code: 'role_required', message: 'No member may make this call.' });
}
