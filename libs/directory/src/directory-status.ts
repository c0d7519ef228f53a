import type { DirectoryStatus } from '@rollcall/contract';

/** How far a directory is connected: whether there is a token to use, and whether one has been used. */
export function directoryStatus(firstRequestTime: Date | null, hasLiveSecret: boolean): DirectoryStatus {
  if (firstRequestTime) return 'COMPLETED';
  return hasLiveSecret ? 'IN_PROGRESS' : 'DRAFT';
}
