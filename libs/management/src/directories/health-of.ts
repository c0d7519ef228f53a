import { decideHealth } from '@rollcall/directory';
import type { Health, HealthFacts } from '@rollcall/directory';
import type { DirectoryView } from './find-directory';

/** How a directory is doing, as everybody is told it. */
export function healthOf(view: DirectoryView, now: Date): Health {
  return decideHealth(healthFactsOf(view), now);
}

/** What the health of a directory follows from, and what its contacts are told of it. */
export function healthFactsOf(view: DirectoryView): HealthFacts & Pick<DirectoryView, 'secrets'> {
  const { directory, traffic } = view;
  return {
    ...traffic,
    createTime: directory.createTime,
    enabled: directory.enabled,
    enabledChangedTime: directory.enabledChangedTime,
    firstRequestTime: directory.firstRequestTime,
    refusedSince: directory.refusedSince,
    provider: directory.directoryProvider,
    lastRequestTime: lastRequestTime(view),
    secrets: view.secrets,
  };
}

/** When the identity provider was last heard of. Uses of a token are kept to the minute, changes to the millisecond. */
export function lastRequestTime({ lastSyncedAt, traffic, directory }: DirectoryView): Date | null {
  const times = [traffic.lastRequestTime, lastSyncedAt, directory.firstRequestTime].flatMap((time) => time ?? []);
  return times.length === 0 ? null : new Date(Math.max(...times.map((time) => time.getTime())));
}
