import type { DataSource } from 'typeorm';
import { refuseWhileFeatureOff } from '@rollcall/directory';
import { HandOver, Organization, readNow, tenantTransaction } from '@rollcall/database';
import { requireDirectory, viewDirectories } from '../directories/find-directory';
import type { DirectoryScope, DirectoryView } from '../directories/find-directory';
import { linkUnknown, refuseOverLink } from '../portal/find-portal-link';
import { viewHandOvers } from './list-hand-overs';
import type { HandOverView } from './list-hand-overs';

/** What a page of a hand-over may look at: its one directory, and nothing beside it. */
export interface OpenHandOver extends DirectoryScope {
  id: string;
  /** Of what the page was opened with. */
  tokenHash: string;
  organization: Organization;
}

/**
 * The hand-over that a token's hash opens; null when it is of none, also once its directory or organization is deleted. Throws AppError
 * 404 `link_unknown` for one that was revoked, 410 `link_used` for a link whose bearer token another page has shown, 410 `link_expired`,
 * 403 `feature_disabled`.
 */
export async function findHandOver(dataSource: DataSource, tokenHash: string): Promise<OpenHandOver | null> {
  const [found] = await dataSource.query<
    { environment_id: string; id: string; organization_id: string; directory_id: string }[]
  >('SELECT environment_id, id, organization_id, directory_id FROM find_hand_over($1)', [tokenHash]);
  if (!found) return null;
  const { environment_id: environmentId, id, organization_id: organizationId, directory_id: directoryId } = found;
  return tenantTransaction(dataSource, { environmentId }, async (manager) => {
    const handOver = await manager.findOneBy(HandOver, { environmentId, id });
    if (!handOver) return null;
    refuseOverHandOver(handOver, tokenHash, await readNow(manager));
    const organization = await manager.findOneByOrFail(Organization, { environmentId, id: organizationId });
    refuseWhileFeatureOff(organization);
    return { environmentId, id, organizationId, directoryId, tokenHash, organization };
  });
}

/** Throws AppError as `findHandOver` for one that a transaction has read: its link is used up once the bearer token was shown. */
export function refuseOverHandOver(handOver: HandOver, tokenHash: string, now: Date): void {
  const { tokenShownTime, revokedTime, expireTime } = handOver;
  const isLink = handOver.tokenHash === tokenHash;
  refuseOverLink({ consumedTime: isLink ? tokenShownTime : null, revokedTime, expireTime }, now);
}

/** What its page shows. Throws AppError `link_unknown` when it went away meanwhile. */
export async function viewHandOver(
  dataSource: DataSource,
  open: OpenHandOver,
): Promise<HandOverView & { directory: DirectoryView }> {
  const { environmentId, id } = open;
  return tenantTransaction(dataSource, open, async (manager) => {
    const handOver = await manager.findOneBy(HandOver, { environmentId, id });
    const [view] = handOver ? await viewHandOvers(manager, [handOver]) : [];
    if (!view) throw linkUnknown();
    // Its page says nothing of users who are inactive, whom counting means to read.
    const [directory] = await viewDirectories(manager, environmentId, [await requireDirectory(manager, open)]);
    if (!directory) throw linkUnknown();
    return { ...view, directory };
  });
}
