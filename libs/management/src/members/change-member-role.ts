import type { EntityManager } from 'typeorm';
import type { MemberRole } from '@rollcall/contract';
import { notFound, runStatement } from '@rollcall/database';
import { AppError } from '@rollcall/platform';
import { recordChange } from '../audit/record-change';
import type { Writer } from '../audit/record-change';
import { lockEnvironment } from '../environments/lock-environment';
import { aboutMember } from './member-target';

/** A member of an environment; bare ids. */
export interface MemberScope {
  environmentId: string;
  memberId: string;
}

/** Gives a member another role in an environment. Throws AppError `member_not_found`, `last_owner`. */
export async function changeMemberRole(writer: Writer, scope: MemberScope, role: MemberRole): Promise<void> {
  const { environmentId, memberId } = scope;
  await recordChange(writer, { environmentId }, async (manager) => {
    const member = await lockMembership(manager, scope);
    if (member.role === role) return { answer: undefined, entries: [] };
    if (member.role === 'owner') await refuseLastOwner(manager, environmentId);
    await runStatement(manager, 'UPDATE member_roles SET role = $3 WHERE environment_id = $1 AND member_id = $2', [
      environmentId,
      memberId,
      role,
    ]);
    const changes = { role: { from: member.role, to: role } };
    return { answer: undefined, entries: [{ action: 'member.role_changed', ...aboutMember(member), changes }] };
  });
}

/**
 * Takes a member out of an environment. Whoever is in no other one is gone with everything that proved it. Throws AppError
 * `member_not_found`, `last_owner`.
 */
export async function removeMember(writer: Writer, scope: MemberScope): Promise<void> {
  const { environmentId, memberId } = scope;
  await recordChange(writer, { environmentId, memberId }, async (manager) => {
    const member = await lockMembership(manager, scope);
    if (member.role === 'owner') await refuseLastOwner(manager, environmentId);
    for (const table of ['member_roles', 'member_identities', 'member_sessions']) {
      await runStatement(manager, `DELETE FROM ${table} WHERE environment_id = $1 AND member_id = $2`, [
        environmentId,
        memberId,
      ]);
    }
    await runStatement(manager, 'SELECT delete_member_without_roles($1)', [memberId]);
    const changes = { role: { from: member.role, to: null } };
    return { answer: undefined, entries: [{ action: 'member.removed', ...aboutMember(member), changes }] };
  });
}

interface LockedMember {
  id: string;
  name: string;
  role: MemberRole;
}

async function lockMembership(manager: EntityManager, { environmentId, memberId }: MemberScope): Promise<LockedMember> {
  await lockEnvironment(manager, environmentId);
  const { rows } = await runStatement<LockedMember>(
    manager,
    `SELECT m.id, m.name, r.role FROM member_roles r JOIN members m ON m.id = r.member_id
     WHERE r.environment_id = $1 AND r.member_id = $2`,
    [environmentId, memberId],
  );
  if (!rows[0]) throw notFound('member');
  return rows[0];
}

async function refuseLastOwner(manager: EntityManager, environmentId: string): Promise<void> {
  const { rows } = await runStatement<{ owners: string }>(
    manager,
    `SELECT count(*) AS owners FROM member_roles WHERE environment_id = $1 AND role = 'owner'`,
    [environmentId],
  );
  if (Number(rows[0]?.owners) > 1) return;
  throw new AppError({
    kind: 'conflict',
    code: 'last_owner',
    message: 'This is the only owner of the environment. Make somebody else an owner first.',
  });
}
