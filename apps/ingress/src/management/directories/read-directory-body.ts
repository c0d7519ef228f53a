import { newId } from '@rollcall/platform';
import type { DirectoryPatch, NewDirectory } from '@rollcall/management';
import type { CreateDirectoryBody, UpdateDirectoryBody } from './directory.dto';

/** The directory to make, under a new id. */
export function readNewDirectory({ directory }: CreateDirectoryBody): NewDirectory {
  return {
    id: newId(),
    name: directory.name,
    directoryType: directory.directory_type,
    directoryProvider: directory.directory_provider,
  };
}

/** What to change; it may stand in `directory` or at the top level. */
export function readDirectoryPatch({ directory, ...flat }: UpdateDirectoryBody): DirectoryPatch {
  const { name, directory_provider, strict, deprovision_guard: guard } = Object.assign(flat, directory);
  return {
    name,
    directoryProvider: directory_provider,
    strict,
    deprovisionGuard: guard && {
      maxUsers: guard.max_users,
      maxPercent: guard.max_percent,
      windowSeconds: guard.window_seconds,
    },
  };
}
