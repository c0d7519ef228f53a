import type { EntityManager } from 'typeorm';
import { Erasure, runStatement } from '@rollcall/database';

/** Who or what is erased; '' for both = the whole organization. */
export type ErasureSubject = Pick<Erasure, 'environmentId' | 'id' | 'organizationId' | 'directoryId' | 'userId'>;

/** Makes the job, one for each subject: of several requests at once one makes it, and all answer it. */
export async function insertErasure(
  manager: EntityManager,
  { id, ...subject }: ErasureSubject,
): Promise<{ erasure: Erasure; isNew: boolean }> {
  const { affected } = await runStatement(
    manager,
    `INSERT INTO erasures (environment_id, id, organization_id, directory_id, user_id) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (environment_id, organization_id, directory_id, user_id) DO NOTHING`,
    [subject.environmentId, id, subject.organizationId, subject.directoryId, subject.userId],
  );
  return { erasure: await manager.findOneByOrFail(Erasure, subject), isNew: affected === 1 };
}
