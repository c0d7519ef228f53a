import { refuseBeyondLimit } from '@rollcall/directory';
import { Contact } from '@rollcall/database';
import { AppError, newId } from '@rollcall/platform';
import { findChanges } from '../audit/find-changes';
import { recordChange } from '../audit/record-change';
import type { Writer } from '../audit/record-change';
import type { OrganizationScope } from '../directories/find-directory';
import { foldAddress } from '../mail/fold-address';
import { lockOrganization } from '../organizations/find-organization';
import { aboutContact, contactFields } from './find-contact';
import { findUnsubscribeTime } from './remember-unsubscribe';

export interface NewContact {
  email: string;
  name: string;
}

/**
 * Adds somebody whom an organization wants to be told of failures; one who has unsubscribed before stays so. Throws AppError `organization_not_found`, `contact_exists`,
 * `too_many_contacts`.
 */
export async function createContact(
  writer: Writer,
  scope: OrganizationScope,
  { email, name }: NewContact,
): Promise<Contact> {
  const { environmentId, organizationId } = scope;
  return recordChange(writer, { environmentId }, async (manager) => {
    // Locked, so that of two added at once the second counts the first.
    await lockOrganization(manager, scope);
    const present = await manager.findBy(Contact, { environmentId, organizationId });
    if (present.some((contact) => contact.emailKey === foldAddress(email))) throw contactExists();
    refuseBeyondLimit('contacts', present.length);
    const id = newId();
    const key = foldAddress(email);
    const unsubscribeTime = await findUnsubscribeTime(manager, scope, key);
    await manager.insert(Contact, { environmentId, id, organizationId, email, emailKey: key, name, unsubscribeTime });
    const contact = await manager.findOneByOrFail(Contact, { environmentId, id });
    const changes = findChanges({}, contactFields(contact));
    return { answer: contact, entries: [{ action: 'contact.created', ...aboutContact(contact), changes }] };
  });
}

export function contactExists(): AppError {
  return new AppError({
    kind: 'conflict',
    code: 'contact_exists',
    message: 'This address is among the contacts already.',
  });
}
