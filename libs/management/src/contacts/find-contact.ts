import type { DataSource, EntityManager } from 'typeorm';
import { Contact, notFound, tenantTransaction } from '@rollcall/database';
import type { AuditEntry } from '@rollcall/database';
import { publicId } from '@rollcall/platform';
import type { Fields } from '../audit/find-changes';
import type { OrganizationScope } from '../directories/find-directory';
import { requireOrganization } from '../organizations/find-organization';

export interface ContactScope extends OrganizationScope {
  contactId: string;
}

/** The contacts of an organization, in the order in which they were added: a page has all of them. Throws AppError `organization_not_found`. */
export async function listContacts(dataSource: DataSource, scope: OrganizationScope): Promise<Contact[]> {
  const { environmentId, organizationId } = scope;
  return tenantTransaction(dataSource, { environmentId }, async (manager) => {
    await requireOrganization(manager, scope);
    return manager.find(Contact, { where: { environmentId, organizationId }, order: { id: 'ASC' } });
  });
}

/** A contact, its row locked until the end. Throws AppError `contact_not_found`. */
export async function lockContact(
  manager: EntityManager,
  { environmentId, organizationId, contactId }: ContactScope,
): Promise<Contact> {
  const contact = await manager.findOne(Contact, {
    where: { environmentId, organizationId, id: contactId },
    lock: { mode: 'pessimistic_write' },
  });
  if (!contact) throw notFound('contact');
  return contact;
}

export function contactFields({ email, name }: Contact): Fields {
  return { email, name };
}

/** What entries of the audit log say of whom. */
export function aboutContact({ id, email, organizationId }: Contact): Pick<AuditEntry, 'target' | 'organizationId'> {
  return { target: { type: 'contact', id: publicId('con', id), name: email }, organizationId };
}
