import type { EntityManager } from 'typeorm';

/** What the admins of an environment's organizations may set themselves in the portal. */
export interface AdminMayMap {
  roles: boolean;
  attributes: boolean;
}

/** What the app owner lets admins set: nothing, as long as there is no setting that says otherwise. */
export function readAdminMayMap(_manager: EntityManager, _environmentId: string): Promise<AdminMayMap> {
  return Promise.resolve({ roles: false, attributes: false });
}
