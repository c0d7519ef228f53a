import type { EntityManager } from 'typeorm';
import { runStatement, UnsubscribedAddress } from '@rollcall/database';
import { hashOpaqueToken } from '@rollcall/platform';
import type { OrganizationScope } from '../directories/find-directory';

/** Of one organization: what somebody might add and end again and again has a bound, as everything that is stored. */
const KEPT = 1_000;

/** Keeps that the owner of an address wants no more mails from an organization; of very many the oldest are forgotten. */
export async function rememberUnsubscribe(
  manager: EntityManager,
  { environmentId, organizationId }: OrganizationScope,
  emailKey: string,
): Promise<void> {
  await runStatement(
    manager,
    `INSERT INTO unsubscribed_addresses (environment_id, organization_id, address_hash) VALUES ($1, $2, $3)
     ON CONFLICT DO NOTHING`,
    [environmentId, organizationId, hashOpaqueToken(emailKey)],
  );
  await runStatement(
    manager,
    `DELETE FROM unsubscribed_addresses u USING (
       SELECT address_hash FROM unsubscribed_addresses WHERE environment_id = $1 AND organization_id = $2
       ORDER BY unsubscribe_time DESC OFFSET $3) old
     WHERE u.environment_id = $1 AND u.organization_id = $2 AND u.address_hash = old.address_hash`,
    [environmentId, organizationId, KEPT],
  );
}

/** When the owner of an address has unsubscribed from an organization's mails; null: never. */
export async function findUnsubscribeTime(
  manager: EntityManager,
  { environmentId, organizationId }: OrganizationScope,
  emailKey: string,
): Promise<Date | null> {
  const addressHash = hashOpaqueToken(emailKey);
  const found = await manager.findOneBy(UnsubscribedAddress, { environmentId, organizationId, addressHash });
  return found?.unsubscribeTime ?? null;
}
