import { applyDecorators, createParamDecorator, Injectable, SetMetadata, UseGuards } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import type { MemberRole } from '@rollcall/contract';
import { holdMember, memberActor, refuseRole } from '@rollcall/management';
import type { AdmittedMember } from '@rollcall/management';
import { AppError } from '@rollcall/platform';
import { setActor } from '../http/request-writer';
import { MemberSessions, requireNamedEnvironment } from './member-sessions';

/** Members of requests under way; a request carries nothing that its credential did not say. */
const members = new WeakMap<FastifyRequest, AdmittedMember>();

const ROLE = 'rollcall:member-role';
const CONFIRMED = 'rollcall:member-confirmed';

/** How long a member need not prove again that it is still the one who signed in. */
const CONFIRMED_MS = 10 * 60_000;

/**
 * Lets a request in with the cookie of a member's session, read from the database each time. A route that states a role is one of
 * the environment that the page names. Throws AppError `unauthenticated`, 400 without the environment, `environment_not_found`,
 * `role_required`, and `confirmation_required` where a route asks for it.
 */
@Injectable()
export class MemberSessionGuard implements CanActivate {
  constructor(
    private readonly sessions: MemberSessions,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const targets = [context.getHandler(), context.getClass()];
    const role = this.reflector.getAllAndOverride<MemberRole | undefined>(ROLE, targets);
    const environmentId = role === undefined ? null : requireNamedEnvironment(request);
    const member = await this.sessions.require(request, environmentId);
    // In no environment it counts as a request of its address, like one without a credential.
    if (environmentId !== null) request.tenant = { environmentId };
    if (role !== undefined) refuseRole(member.role, role);
    if (this.reflector.getAllAndOverride<boolean>(CONFIRMED, targets)) refuseUnconfirmed(member);
    const needed = environmentId === null || role === undefined ? null : { environmentId, role };
    setActor(request, memberActor(member), holdMember(member, needed));
    members.set(request, member);
    return true;
  }
}

/** For routes of the member itself, in no environment. */
export const ForMembers = () => UseGuards(MemberSessionGuard);

/** For routes of an environment: the least role that they take. Behind the guard. */
export const NeedsRole = (role: MemberRole) => SetMetadata(ROLE, role);

/** For a route that changes how a member signs in: whoever sits down at an open browser cannot. */
export const NeedsConfirmation = () => applyDecorators(SetMetadata(CONFIRMED, true));

/** The member who acts. */
export const Member = createParamDecorator((_: undefined, context: ExecutionContext): AdmittedMember => {
  const member = members.get(context.switchToHttp().getRequest<FastifyRequest>());
  if (member) return member;
  throw new Error('Member stands behind MemberSessionGuard');
});

/** Throws AppError `confirmation_required` unless the member has proved within ten minutes that it is still there. */
export function refuseUnconfirmed({ confirmedTime }: AdmittedMember): void {
  if (confirmedTime !== null && Date.now() - confirmedTime.getTime() < CONFIRMED_MS) return;
  throw new AppError({
    kind: 'forbidden',
    code: 'confirmation_required',
    message: 'Enter your password again, or use a passkey, before you change how you sign in.',
  });
}
