import type { DataSource, EntityManager } from 'typeorm';
import type { SignInMethod } from '@rollcall/contract';
import { notFound, ofMember, runStatement, tenantTransaction } from '@rollcall/database';
import type { AuditEntry } from '@rollcall/database';
import { publicId } from '@rollcall/platform';
import type { Recorded, Writer } from '../audit/record-change';
import type { AdmittedMember } from './admit-member';
import { aboutMember } from './member-target';
import { recordMemberChange } from './record-member-change';

/** A browser that is signed in. */
export interface MemberSessionView {
  /** Bare. */
  id: string;
  method: SignInMethod;
  ipAddress: string | null;
  userAgent: string | null;
  createTime: Date;
  lastSeenTime: Date;
  expireTime: Date;
}

/**
 * The open sessions of a member, the last used first. One that an environment's identity provider has opened sees those of that
 * environment alone.
 */
export async function listMemberSessions(
  dataSource: DataSource,
  { id: memberId, sessionEnvironmentId }: Pick<AdmittedMember, 'id' | 'sessionEnvironmentId'>,
): Promise<MemberSessionView[]> {
  const { rows } = await tenantTransaction(dataSource, ofMember(memberId), (manager) =>
    runStatement<MemberSessionView>(
      manager,
      `SELECT id, method, ip_address AS "ipAddress", user_agent AS "userAgent", create_time AS "createTime",
         last_seen_time AS "lastSeenTime", expire_time AS "expireTime"
       FROM member_sessions WHERE member_id = $1 AND end_time IS NULL AND expire_time > now()
         AND ($2::text IS NULL OR environment_id = $2) ORDER BY last_seen_time DESC, id DESC`,
      [memberId, sessionEnvironmentId],
    ),
  );
  return rows;
}

/**
 * Ends sessions of a member, of those that the one that asks sees: one, or all others. No process accepts their cookies from the commit on. Throws
 * AppError `session_not_found` for a single one that is not open.
 */
export async function endMemberSessions(
  writer: Writer,
  member: AdmittedMember,
  which: { id: string } | 'others',
): Promise<void> {
  const { sessionEnvironmentId: only } = member;
  const end = async (manager: EntityManager): Promise<Recorded<undefined>> => {
    const { rows } = await runStatement<{ id: string }>(
      manager,
      `UPDATE member_sessions SET end_time = now() WHERE member_id = $1 AND end_time IS NULL AND expire_time > now()
         AND CASE WHEN $2::text IS NULL THEN id <> $3 ELSE id = $2 END
         AND ($4::text IS NULL OR environment_id = $4) RETURNING id`,
      [member.id, which === 'others' ? null : which.id, member.sessionId, only],
    );
    // Its own, which is over already, is as it should be.
    if (which !== 'others' && which.id !== member.sessionId && rows.length === 0) throw notFound('session');
    const entries = rows.map(({ id }): AuditEntry => {
      const changes = { session_id: { from: publicId('ses', id), to: null } };
      return { action: 'session.ended', ...aboutMember(member), changes };
    });
    return { answer: undefined, entries };
  };
  await recordMemberChange(writer, member.id, end, only);
}

/** Notes that the member of a session has proved again who it is, or does so with `prove`. Throws what that throws. */
export async function confirmMember(
  dataSource: DataSource,
  { id, sessionId }: Pick<AdmittedMember, 'id' | 'sessionId'>,
  prove: (manager: EntityManager) => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  await tenantTransaction(dataSource, ofMember(id), async (manager) => {
    await prove(manager);
    await runStatement(manager, 'UPDATE member_sessions SET confirmed_time = now() WHERE member_id = $1 AND id = $2', [
      id,
      sessionId,
    ]);
  });
}
