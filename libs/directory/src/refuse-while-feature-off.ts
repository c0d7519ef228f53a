import { AppError } from '@rollcall/platform';

/** Refuses while the organization's gate for Directory Sync is shut. Throws AppError `feature_disabled`. */
export function refuseWhileFeatureOff({ dirSyncEnabled }: { dirSyncEnabled: boolean }): void {
  if (dirSyncEnabled) return;
  throw new AppError({
    kind: 'forbidden',
    code: 'feature_disabled',
    message: 'Directory Sync is off for this organization.',
  });
}
