import { IsNull } from 'typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import { Organization, tenantTransaction, notFound } from '@rollcall/database';

/** An organization by its bare id or its external id. Throws AppError `organization_not_found`. */
export async function findOrganization(
  dataSource: DataSource,
  environmentId: string,
  by: { id: string } | { externalId: string },
): Promise<Organization> {
  return tenantTransaction(dataSource, { environmentId }, async (manager) => {
    const organization = await manager.findOneBy(Organization, { environmentId, ...by, deletedTime: IsNull() });
    if (!organization) throw notFound('organization');
    return organization;
  });
}

/** Throws AppError `organization_not_found` unless the organization exists. */
export async function requireOrganization(
  manager: EntityManager,
  { environmentId, organizationId }: { environmentId: string; organizationId: string },
): Promise<Organization> {
  const organization = await manager.findOneBy(Organization, {
    environmentId,
    id: organizationId,
    deletedTime: IsNull(),
  });
  if (!organization) throw notFound('organization');
  return organization;
}

/** The same, its row locked against changes until the end. */
export async function lockOrganization(
  manager: EntityManager,
  { environmentId, organizationId }: { environmentId: string; organizationId: string },
  mode: 'pessimistic_read' | 'pessimistic_write' = 'pessimistic_write',
): Promise<Organization> {
  const organization = await manager.findOne(Organization, {
    where: { environmentId, id: organizationId, deletedTime: IsNull() },
    lock: { mode },
  });
  if (!organization) throw notFound('organization');
  return organization;
}
