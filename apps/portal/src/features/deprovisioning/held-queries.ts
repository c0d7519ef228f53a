import type { DirectoryDetail } from '@rollcall/sdk';
import { answerOf, api } from '../../shared/management-api/management-api';
import { listQuery } from '../../shared/management-api/list-query';

const PATH = '/api/v1/organizations/{organization_id}/directories/{directory_id}';

type Place = Pick<DirectoryDetail, 'id' | 'organization_id'>;

const at = ({ id, organization_id }: Place) => ({ organization_id, directory_id: id });

export function heldUsersQuery(directory: Place, { pageToken, pageSize }: { pageToken: string; pageSize: number }) {
  const query = { page_size: pageSize, ...(pageToken && { page_token: pageToken }) };
  return listQuery(['directory', directory.id, 'held-users', query], (signal) =>
    answerOf(api.GET(`${PATH}/held_users`, { params: { path: at(directory), query }, signal })),
  );
}

/** Has held changes published, or keeps what was published; of these users, or of everybody. */
export async function decideHeld(
  directory: Place,
  { action, userIds }: { action: 'release' | 'discard'; userIds?: string[] },
): Promise<void> {
  const request = { params: { path: at(directory) }, body: userIds ? { user_ids: userIds } : {} };
  await (action === 'release'
    ? answerOf(api.POST(`${PATH}:release_deprovisioning`, request))
    : answerOf(api.POST(`${PATH}:discard_deprovisioning`, request)));
}

/** Sets from where on mass deactivation and deletion is held; null: never. */
export async function setGuard(directory: Place, guard: DirectoryDetail['deprovision_guard']): Promise<void> {
  await answerOf(api.PATCH(PATH, { params: { path: at(directory) }, body: { deprovision_guard: guard } }));
}
