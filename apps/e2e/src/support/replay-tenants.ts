import type { ReadyDirectory } from './create-directory';

/** How the player of recorded traffic is told of two directories of different customers. */
export function replayTenants([first, second]: readonly [ReadyDirectory, ReadyDirectory]): string[] {
  return ['--base', first.scimUrl, '--token', first.token, '--base2', second.scimUrl, '--token2', second.token];
}
