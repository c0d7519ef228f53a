import type { DirectoryDetail } from '@rollcall/sdk';
import { answerOf, api } from '../../shared/management-api/management-api';

/** Sets from where on mass deactivation and deletion is held; null: never. */
export async function setGuard(
  { id, organization_id }: Pick<DirectoryDetail, 'id' | 'organization_id'>,
  guard: DirectoryDetail['deprovision_guard'],
): Promise<void> {
  await answerOf(
    api.PATCH('/api/v1/organizations/{organization_id}/directories/{directory_id}', {
      params: { path: { organization_id, directory_id: id } },
      body: { deprovision_guard: guard },
    }),
  );
}
