import type { DataSource } from 'typeorm';
import { refuseBeyondLimit } from '@rollcall/directory';
import { Environment, tenantTransaction, writeAuditEntries } from '@rollcall/database';
import type { Author } from '@rollcall/database';
import { publicId } from '@rollcall/platform';
import type { AdmittedMember } from './admit-member';
import { insertMemberRole } from './insert-member';
import { listMemberEnvironments } from './list-member-environments';
import { memberActor } from './member-target';

/**
 * Makes an environment whose first owner is the member who asks. It has no API client until one is made. Throws AppError
 * `too_many_environments`.
 */
export async function createMemberEnvironment(
  { dataSource, origin }: { dataSource: DataSource; origin: Omit<Author, 'actor'> },
  member: AdmittedMember,
  { id, name }: { id: string; name: string },
): Promise<void> {
  refuseBeyondLimit('environments', (await listMemberEnvironments(dataSource, member)).length);
  await tenantTransaction(dataSource, { environmentId: id, memberId: member.id }, async (manager) => {
    await manager.insert(Environment, { id, name });
    await insertMemberRole(manager, { environmentId: id, memberId: member.id, role: 'owner' });
    await writeAuditEntries(manager, id, { actor: memberActor(member), ...origin }, [
      {
        action: 'environment.created',
        target: { type: 'environment', id: publicId('env', id), name },
        organizationId: null,
      },
    ]);
  });
}
