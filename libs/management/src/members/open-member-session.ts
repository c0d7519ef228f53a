import type { DataSource, EntityManager } from 'typeorm';
import type { SignInMethod } from '@rollcall/contract';
import { runStatement } from '@rollcall/database';
import type { AuditEntry, Author } from '@rollcall/database';
import { addressBlock } from '@rollcall/platform';
import { aboutMember, memberActor } from './member-target';
import { nameMember } from './name-member';
import type { NamedMember } from './member-target';
import { recordMemberChange } from './record-member-change';

/** A session ends after so long whatever is done, and after so long without a request. */
export const SESSION_SECONDS = 7 * 24 * 3600;
export const IDLE_SECONDS = 12 * 3600;

/** More browsers than one person has; whoever opens one more leaves the oldest. */
const MAX_OPEN = 50;

/** Sessions of a member that are over and stay: whoever signs in and out in turn fills no table. */
const OVER_KEPT = 200;
/** Removed with one that is opened, so that it does not wait for long. */
const REMOVED_AT_ONCE = 1_000;

export interface NewMemberSession {
  /** Bare. */
  id: string;
  /** What is stored in place of the session's token. */
  tokenHash: string;
  method: SignInMethod;
  /** The sign-in takes more than a password. */
  tookSecondFactor: boolean;
  /** The one environment that it is for; null: all of the member's. Bare. */
  environmentId: string | null;
  /** Where the request comes from; who it is, the credential says. */
  origin: Omit<Author, 'actor'>;
  userAgent: string | null;
}

/**
 * Opens a session of a member whose credential was verified, or is verified by `prove` in the transaction of the session. Throws
 * AppError `unauthenticated` for a member who is gone, and what `prove` throws.
 * @param memberId bare
 */
export async function openMemberSession(
  dataSource: DataSource,
  memberId: string,
  session: NewMemberSession,
  prove: (manager: EntityManager) => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  const member = await nameMember(dataSource, memberId);
  const author = { actor: memberActor(member), ...session.origin };
  await recordMemberChange(
    { dataSource, author },
    member.id,
    async (manager) => {
      await prove(manager);
      return { answer: undefined, entries: [await insertMemberSession(manager, member, session)] };
    },
    session.environmentId,
  );
}

/**
 * Stores a session, in a transaction that sees the member's own rows, and removes those that are long over. Returns what the audit
 * log says of it.
 */
export async function insertMemberSession(
  manager: EntityManager,
  member: NamedMember,
  { id, tokenHash, method, tookSecondFactor, environmentId, origin, userAgent }: NewMemberSession,
): Promise<AuditEntry> {
  await removeLongOver(manager, member.id);
  await runStatement(
    manager,
    `UPDATE member_sessions SET end_time = now() WHERE member_id = $1 AND id IN (
       SELECT s.id FROM member_sessions s WHERE s.member_id = $1 AND s.end_time IS NULL AND s.expire_time > now()
       ORDER BY s.last_seen_time DESC OFFSET $2)`,
    [member.id, MAX_OPEN - 1],
  );
  await runStatement(
    manager,
    `INSERT INTO member_sessions (member_id, id, environment_id, token_hash, method, second_factor, ip_address, address_block,
       user_agent, confirmed_time, expire_time, end_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, CASE WHEN $5 <> 'single_sign_on' THEN now() END,
       now() + make_interval(secs => $10), now() + make_interval(secs => $11))`,
    [
      member.id,
      id,
      environmentId,
      tokenHash,
      method,
      tookSecondFactor,
      origin.ipAddress,
      origin.ipAddress === null ? null : addressBlock(origin.ipAddress),
      userAgent?.slice(0, 300) ?? null,
      IDLE_SECONDS,
      SESSION_SECONDS,
    ],
  );
  await runStatement(manager, 'UPDATE members SET last_seen_time = now() WHERE id = $1', [member.id]);
  return { action: 'sign_in.succeeded', ...aboutMember(member), changes: { method: { from: null, to: method } } };
}

/**
 * Removes those that were over a month ago, and those before the last ones that are kept: first of all the ones that an environment's
 * identity provider has opened, which say nothing of where the member signs in from.
 */
async function removeLongOver(manager: EntityManager, memberId: string): Promise<void> {
  await runStatement(
    manager,
    `DELETE FROM member_sessions WHERE member_id = $1 AND (least(end_time, expire_time) < now() - interval '30 days' OR id IN (
       SELECT s.id FROM member_sessions s WHERE s.member_id = $1 AND least(s.end_time, s.expire_time) <= now()
       ORDER BY s.method = 'single_sign_on', least(s.end_time, s.expire_time) DESC OFFSET $2 LIMIT $3))`,
    [memberId, OVER_KEPT, REMOVED_AT_ONCE],
  );
}
