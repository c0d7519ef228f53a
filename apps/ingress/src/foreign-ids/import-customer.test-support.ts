import { createDataSource } from '@rollcall/database';
import { changeGroup, changeUser, importedId } from '@rollcall/directory';
import type { ImportedService } from '@rollcall/directory';
import { asOperator, createDirectory, createOrganization } from '@rollcall/management';
import { publishImported } from '@rollcall/pipeline-store';
import { newId, publicId } from '@rollcall/platform';
import { groupResourceType, readResource, userResourceType } from '@rollcall/scim';

/** What an application has kept of a customer. */
export interface Kept {
  organization: string;
  directory: string;
  user: string;
  group: string;
}

/** Brings a customer from a service into a database: the user ada in the group Sales. Returns our ids of what was kept. */
export async function importCustomer(
  adminUrl: string,
  environmentId: string,
  { service, kept }: { service: ImportedService; kept: Kept },
): Promise<Kept> {
  const [organizationId, directoryId] = [newId(), newId()];
  const [groupId, userId] = [importedId(directoryId, kept.group), importedId(directoryId, kept.user)];
  const owner = await createDataSource({ url: adminUrl, poolSize: 1 }).initialize();
  try {
    const writer = asOperator(owner);
    await createOrganization(writer, environmentId, {
      id: organizationId,
      displayName: 'Acme',
      externalId: null,
      metadata: { id: publicId('org', organizationId) },
      dirSyncEnabled: true,
      externalIds: { [service]: kept.organization },
    });
    const place = { environmentId, organizationId };
    const from = { directoryType: 'SCIM', directoryProvider: 'OKTA', externalIds: { [service]: kept.directory } };
    await createDirectory(writer, place, { id: directoryId, ...from });
    const group = changeGroup(null, readResource({ displayName: 'Sales' }, groupResourceType).resource);
    const user = changeUser(null, readResource({ userName: 'ada@acme.test' }, userResourceType).resource);
    if (!group || !user) throw new Error('what is new is a change');
    const people = {
      groups: [{ ...group, id: groupId, externalIds: { [service]: kept.group } }],
      users: [{ ...user, id: userId, externalIds: { [service]: kept.user }, groupIds: [groupId] }],
    };
    await publishImported(owner, { ...place, directoryId }, people);
  } finally {
    await owner.destroy();
  }
  return {
    organization: publicId('org', organizationId),
    directory: publicId('dir', directoryId),
    user: publicId('diruser', userId),
    group: publicId('dirgroup', groupId),
  };
}
