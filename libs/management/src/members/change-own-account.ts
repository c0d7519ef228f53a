import { notFound, runStatement } from '@rollcall/database';
import { findChanges } from '../audit/find-changes';
import type { Writer } from '../audit/record-change';
import type { AdmittedMember } from './admit-member';
import { aboutMember } from './member-target';
import { recordMemberChange } from './record-member-change';

/** Gives a member another name. */
export async function renameMember(writer: Writer, member: AdmittedMember, name: string): Promise<void> {
  await recordMemberChange(writer, member.id, async (manager) => {
    if (name === member.name) return { answer: undefined, entries: [] };
    await runStatement(manager, 'UPDATE members SET name = $2 WHERE id = $1', [member.id, name]);
    const changes = findChanges({ name: member.name }, { name });
    return { answer: undefined, entries: [{ action: 'member.updated', ...aboutMember(member), changes }] };
  });
}

/**
 * Stores another password and ends every other session of the member, also one that is being opened (`holdPassword`): whoever knew the
 * old one may have opened them.
 */
export async function changePassword(writer: Writer, member: AdmittedMember, passwordHash: string): Promise<void> {
  await recordMemberChange(writer, member.id, async (manager) => {
    const { affected } = await runStatement(
      manager,
      'UPDATE member_credentials SET password_hash = $2, password_version = password_version + 1 WHERE member_id = $1',
      [member.id, passwordHash],
    );
    if (affected === 0) throw notFound('member');
    // Before the sessions: one that is being finished is waited for, and then ends with them.
    await runStatement(manager, 'DELETE FROM pending_sign_ins WHERE member_id = $1', [member.id]);
    await runStatement(
      manager,
      'UPDATE member_sessions SET end_time = now() WHERE member_id = $1 AND id <> $2 AND end_time IS NULL',
      [member.id, member.sessionId],
    );
    return { answer: undefined, entries: [{ action: 'password.changed', ...aboutMember(member) }] };
  });
}
