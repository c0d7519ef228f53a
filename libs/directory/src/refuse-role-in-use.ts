import { AppError, publicId } from '@rollcall/platform';

/** What still gives a role to someone; ids are bare. */
export interface RoleUses {
  isDefaultMember: boolean;
  /** Directories whose role assignments name it; the first of them are enough. */
  directoryIds: readonly string[];
}

/** Refuses to delete a role that is in use. Throws AppError `role_in_use`, with the directories that assign it. */
export function refuseRoleInUse({ isDefaultMember, directoryIds }: RoleUses): void {
  if (isDefaultMember) {
    throw new AppError({ kind: 'conflict', code: 'role_in_use', message: 'The role is the default of members.' });
  }
  if (directoryIds.length === 0) return;
  throw new AppError({
    kind: 'conflict',
    code: 'role_in_use',
    message: 'The role is assigned to groups.',
    details: { directory_ids: directoryIds.map((id) => publicId('dir', id)) },
  });
}
