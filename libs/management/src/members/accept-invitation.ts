import type { DataSource, EntityManager } from 'typeorm';
import type { MemberRole } from '@rollcall/contract';
import { callFunction, notFound, poolOf, runStatement, tenantTransaction, writeAuditEntries } from '@rollcall/database';
import type { Author } from '@rollcall/database';
import { AppError } from '@rollcall/platform';
import { foldAddress } from '../mail/fold-address';
import { insertMember, insertMemberRole } from './insert-member';
import type { NewMember } from './insert-member';
import { aboutMember, memberActor } from './member-target';
import type { NamedMember } from './member-target';
import { insertMemberSession } from './open-member-session';
import type { NewMemberSession } from './open-member-session';

/** An invitation as whoever has its link sees it. */
export interface OpenInvitation {
  /** Bare. */
  environmentId: string;
  environmentName: string;
  email: string | null;
  role: MemberRole;
  /** Whether the address has an account here. */
  memberExists: boolean;
}

/** The invitation of a link. Throws AppError `invitation_not_found`, `invitation_used`, `invitation_expired`. */
export async function lookUpInvitation(dataSource: DataSource, tokenHash: string): Promise<OpenInvitation> {
  const { environmentId, id } = await findInvitation(dataSource, tokenHash);
  const invitation = await tenantTransaction(dataSource, { environmentId }, async (manager) => {
    const { rows } = await runStatement<StoredInvitation & { name: string }>(
      manager,
      `SELECT i.email, i.role, i.accepted_time, i.expire_time < now() AS is_expired, e.name
       FROM member_invitations i JOIN environments e ON e.id = i.environment_id WHERE i.environment_id = $1 AND i.id = $2`,
      [environmentId, id],
    );
    if (!rows[0]) throw notFound('invitation');
    refuseOver(rows[0]);
    return rows[0];
  });
  const { email, role, name } = invitation;
  const memberExists = email !== null && (await hasAccount(dataSource, email));
  return { environmentId, environmentName: name, email, role, memberExists };
}

/** Whether an address has an account here: for whoever was invited by it. */
export async function hasAccount(dataSource: DataSource, email: string): Promise<boolean> {
  const found = await callFunction(poolOf(dataSource), 'find_member_to_sign_in', [foldAddress(email), null]);
  return found.length > 0;
}

/** Who accepts an invitation: somebody new, or a member who has proved to be one, or does so with `prove`. */
export type Invited =
  | { isNew: true; member: NewMember }
  | { isNew: false; member: NamedMember; prove?: (manager: EntityManager) => Promise<void> };

export interface Acceptance {
  invited: Invited;
  /** null: the member is signed in. */
  session: NewMemberSession | null;
  origin: Omit<Author, 'actor'>;
}

/**
 * Uses up an invitation: gives the member the role, and opens a session unless there is one, in one transaction. A role that a
 * member has there already stays. Throws AppError as `lookUpInvitation`, `email_taken`, and what `prove` throws.
 */
export async function acceptInvitation(
  dataSource: DataSource,
  tokenHash: string,
  { invited, session, origin }: Acceptance,
): Promise<void> {
  const { environmentId, id } = await findInvitation(dataSource, tokenHash);
  const { member } = invited;
  await tenantTransaction(dataSource, { environmentId, memberId: member.id }, async (manager) => {
    const role = await takeInvitation(manager, environmentId, id);
    if (invited.isNew) await insertMember(manager, invited.member);
    else await invited.prove?.(manager);
    const isNewRole = await insertMemberRole(manager, { environmentId, memberId: member.id, role });
    const changes = { role: { from: null, to: role } };
    await writeAuditEntries(manager, environmentId, { actor: memberActor(member), ...origin }, [
      ...(isNewRole ? [{ action: 'member.joined' as const, ...aboutMember(member), changes }] : []),
      ...(session ? [await insertMemberSession(manager, member, session)] : []),
    ]);
  });
}

interface StoredInvitation {
  email: string | null;
  role: MemberRole;
  accepted_time: Date | null;
  is_expired: boolean;
}

async function findInvitation(
  dataSource: DataSource,
  tokenHash: string,
): Promise<{ environmentId: string; id: string }> {
  const [row] = await callFunction<{ environment_id: string; id: string }>(poolOf(dataSource), 'find_invitation', [
    tokenHash,
  ]);
  if (!row) throw notFound('invitation');
  return { environmentId: row.environment_id, id: row.id };
}

/** Of two that come with the same link the second waits for the first, and finds it used. */
async function takeInvitation(manager: EntityManager, environmentId: string, id: string): Promise<MemberRole> {
  const { rows } = await runStatement<StoredInvitation>(
    manager,
    `SELECT email, role, accepted_time, expire_time < now() AS is_expired FROM member_invitations
     WHERE environment_id = $1 AND id = $2 FOR UPDATE`,
    [environmentId, id],
  );
  if (!rows[0]) throw notFound('invitation');
  refuseOver(rows[0]);
  await runStatement(
    manager,
    'UPDATE member_invitations SET accepted_time = now() WHERE environment_id = $1 AND id = $2',
    [environmentId, id],
  );
  return rows[0].role;
}

function refuseOver({ accepted_time: acceptedTime, is_expired: isExpired }: StoredInvitation): void {
  if (acceptedTime !== null) {
    throw new AppError({
      kind: 'gone',
      code: 'invitation_used',
      message: 'This invitation has been accepted already. Sign in to the dashboard.',
    });
  }
  if (!isExpired) return;
  throw new AppError({
    kind: 'gone',
    code: 'invitation_expired',
    message: 'This invitation has expired. Ask for a new one.',
  });
}
