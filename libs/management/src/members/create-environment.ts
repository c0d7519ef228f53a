import type { EntityManager } from 'typeorm';
import { refuseBeyondLimit } from '@rollcall/directory';
import { Environment, runStatement, tenantTransaction, writeAuditEntries } from '@rollcall/database';
import { AppError, publicId } from '@rollcall/platform';
import type { Writer } from '../audit/record-change';
import type { AdmittedMember } from './admit-member';
import { insertMemberRole } from './insert-member';
import { lockMember } from './lock-member';

/**
 * Makes an environment whose first owner is the member who asks. It has no API client until one is made. Throws AppError
 * `too_many_environments`, `session_of_one_environment`, and what refuses the author.
 */
export async function createMemberEnvironment(
  { dataSource, author, admit }: Writer,
  member: Pick<AdmittedMember, 'id' | 'sessionEnvironmentId'>,
  { id, name }: { id: string; name: string },
): Promise<void> {
  refuseBoundSession(member);
  await tenantTransaction(dataSource, { environmentId: id, memberId: member.id }, async (manager) => {
    await admit?.(manager);
    await refuseOneMore(manager, member.id);
    await manager.insert(Environment, { id, name });
    await insertMemberRole(manager, { environmentId: id, memberId: member.id, role: 'owner' });
    await writeAuditEntries(manager, id, author, [
      {
        action: 'environment.created',
        target: { type: 'environment', id: publicId('env', id), name },
        organizationId: null,
      },
    ]);
  });
}

/** The member could not open what it made, and an identity provider would make environments in the name of others. */
function refuseBoundSession({ sessionEnvironmentId }: Pick<AdmittedMember, 'sessionEnvironmentId'>): void {
  if (sessionEnvironmentId === null) return;
  throw new AppError({
    kind: 'forbidden',
    code: 'session_of_one_environment',
    message:
      'You signed in to one environment, with its identity provider. Sign in with your password or a passkey to make another.',
  });
}

async function refuseOneMore(manager: EntityManager, memberId: string): Promise<void> {
  await lockMember(manager, memberId);
  const { rows } = await runStatement<{ present: string }>(
    manager,
    'SELECT count(*) AS present FROM member_roles WHERE member_id = $1',
    [memberId],
  );
  refuseBeyondLimit('environments', Number(rows[0]?.present));
}
