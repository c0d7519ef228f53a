import type { DataSource } from 'typeorm';
import { tenantTransaction } from '@rollcall/database';
import { requireOrganization } from '../organizations/find-organization';
import type { PortalSessionView } from './open-portal-session';

/** The session of a token's hash, also an expired one; null when there is none. */
export async function findPortalSession(dataSource: DataSource, tokenHash: string): Promise<PortalSessionView | null> {
  const [session] = await dataSource.query<
    { environment_id: string; id: string; organization_id: string; features: string[]; expire_time: Date }[]
  >('SELECT environment_id, id, organization_id, features, expire_time FROM find_portal_session($1)', [tokenHash]);
  if (!session) return null;
  const { environment_id: environmentId, organization_id: organizationId } = session;
  return tenantTransaction(dataSource, { environmentId }, async (manager) => ({
    id: session.id,
    environmentId,
    organization: await requireOrganization(manager, { environmentId, organizationId }),
    features: session.features,
    expireTime: session.expire_time,
  }));
}
