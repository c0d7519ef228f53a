import type { DataSource } from 'typeorm';
import type { MemberRole } from '@rollcall/contract';
import { runStatement, tenantTransaction } from '@rollcall/database';
import type { InvitationView } from './invite-member';

/** A member as the others of an environment see it; bare id. */
export interface MemberView {
  id: string;
  name: string;
  email: string;
  role: MemberRole;
  lastSeenTime: Date | null;
  hasSecondFactor: boolean;
}

/** The members of an environment by name, and the invitations that can still be accepted. There are 200 of both at most. */
export async function listMembers(
  dataSource: DataSource,
  environmentId: string,
): Promise<{ members: MemberView[]; invitations: InvitationView[] }> {
  return tenantTransaction(dataSource, { environmentId }, async (manager) => {
    const members = await runStatement<MemberView>(
      manager,
      `SELECT m.id, m.name, m.email, r.role, m.last_seen_time AS "lastSeenTime", m.has_second_factor AS "hasSecondFactor"
       FROM member_roles r JOIN members m ON m.id = r.member_id WHERE r.environment_id = $1 ORDER BY lower(m.name), m.id`,
      [environmentId],
    );
    const invitations = await runStatement<InvitationView>(
      manager,
      `SELECT id, email, role, expire_time AS "expireTime" FROM member_invitations
       WHERE environment_id = $1 AND accepted_time IS NULL AND expire_time > now() ORDER BY id DESC`,
      [environmentId],
    );
    return { members: members.rows, invitations: invitations.rows };
  });
}
