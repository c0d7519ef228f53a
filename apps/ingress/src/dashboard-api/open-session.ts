import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { SignInMethod } from '@rollcall/contract';
import { DataSource, InjectDataSource, notFound } from '@rollcall/database';
import {
  admitMember,
  endMemberSessions,
  listMemberEnvironments,
  memberActor,
  readSecondFactors,
  signedOut,
} from '@rollcall/management';
import type { AdmittedMember, NewMemberSession } from '@rollcall/management';
import { hashOpaqueToken, newId, newOpaqueToken, publicId } from '@rollcall/platform';
import { CONFIG } from '../http/context.module';
import type { IngressConfig } from '../http/context.module';
import { originOf } from '../http/request-writer';
import { writeDashboardCookie } from './dashboard-cookie';
import { MemberSessions } from './member-sessions';

/** A session that is about to be stored, and its token. */
export interface PreparedSession {
  stored: NewMemberSession;
  token: string;
}

/** A new session for a request; the one for an environment is that of its identity provider alone. */
export function prepareSession(
  request: FastifyRequest,
  {
    method,
    tookSecondFactor = false,
    environmentId = null,
  }: { method: SignInMethod; tookSecondFactor?: boolean; environmentId?: string | null },
): PreparedSession {
  const token = newOpaqueToken();
  const userAgent = request.headers['user-agent'] ?? null;
  const stored = {
    id: newId(),
    tokenHash: hashOpaqueToken(token),
    method,
    tookSecondFactor,
    environmentId,
    origin: originOf(request),
    userAgent,
  };
  return { stored, token };
}

/** Answers with a session: the cookie, and what a page needs to know of it. */
@Injectable()
export class SessionAnswers {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(CONFIG) private readonly config: IngressConfig,
    private readonly sessions: MemberSessions,
  ) {}

  /** Gives the browser a session that was stored, and renders it. */
  async open(request: FastifyRequest, reply: FastifyReply, session: PreparedSession) {
    const member = await admitMember(this.dataSource, session.stored.tokenHash, null);
    if (!member) throw signedOut();
    await this.give(request, reply, session);
    return this.render(member, null);
  }

  /** Sets the cookie of a session that was stored, and ends the one that the browser had. */
  async give(request: FastifyRequest, reply: FastifyReply, { token }: PreparedSession): Promise<void> {
    const present = await this.sessions.find(request, null);
    if (present) {
      const author = { actor: memberActor(present), ...originOf(request) };
      await endMemberSessions({ dataSource: this.dataSource, author }, present, { id: present.sessionId });
    }
    writeDashboardCookie(reply, token, this.config.publicUrl);
  }

  /**
   * What a page needs to know of a session. Throws AppError `environment_not_found`.
   * @param environmentId the environment that the page shows, bare; null: the first one
   */
  async render(member: AdmittedMember, environmentId: string | null) {
    const [environments, factors] = await Promise.all([
      listMemberEnvironments(this.dataSource, member),
      readSecondFactors(this.dataSource, member.id),
    ]);
    const shown = environmentId === null ? environments[0] : environments.find(({ id }) => id === environmentId);
    if (!shown && environmentId !== null) throw notFound('environment');
    return {
      member: { id: publicId('mem', member.id), name: member.name, email: member.email },
      role: shown?.role ?? null,
      environment: shown ? { id: publicId('env', shown.id), name: shown.name } : null,
      environments: environments.map(({ id, name, role }) => ({ id: publicId('env', id), name, role })),
      expire_time: member.expireTime.toISOString(),
      second_factor: {
        totp: factors.totp,
        passkeys: factors.passkeys,
        recovery_codes_left: factors.recoveryCodesLeft,
      },
    };
  }
}
