import { Contact } from '@rollcall/database';
import { findChanges, isChanged } from '../audit/find-changes';
import { recordChange } from '../audit/record-change';
import type { Writer } from '../audit/record-change';
import { foldAddress } from '../mail/fold-address';
import { recallMails } from '../mail/recall-mails';
import { lockOrganization } from '../organizations/find-organization';
import { contactExists } from './create-contact';
import { aboutContact, contactFields, lockContact } from './find-contact';
import type { ContactScope } from './find-contact';
import { findUnsubscribeTime } from './remember-unsubscribe';

/** What changes; an absent key stays. */
export interface ContactPatch {
  email?: string;
  name?: string;
}

/**
 * Merges a patch into a contact. Another address is subscribed unless it was unsubscribed before. Throws AppError `organization_not_found`, `contact_not_found`,
 * `contact_exists`.
 */
export async function updateContact(writer: Writer, scope: ContactScope, patch: ContactPatch): Promise<Contact> {
  const { environmentId, organizationId } = scope;
  return recordChange(writer, { environmentId }, async (manager) => {
    await lockOrganization(manager, scope);
    const contact = await lockContact(manager, scope);
    const before = contactFields(contact);
    const email = patch.email ?? contact.email;
    const key = foldAddress(email);
    if (key !== contact.emailKey) {
      if (await manager.existsBy(Contact, { environmentId, organizationId, emailKey: key })) throw contactExists();
      await recallMails(manager, scope, { kind: 'contact_alert', address: contact.email });
      contact.unsubscribeTime = await findUnsubscribeTime(manager, scope, key);
    }
    Object.assign(contact, { email, emailKey: key, name: patch.name ?? contact.name, updateTime: new Date() });
    await manager.save(contact);
    const changes = findChanges(before, contactFields(contact));
    return {
      answer: contact,
      entries: isChanged(changes) ? [{ action: 'contact.updated', ...aboutContact(contact), changes }] : [],
    };
  });
}

/** Removes a contact, and what was not sent to it yet. Throws AppError `contact_not_found`. */
export async function deleteContact(writer: Writer, scope: ContactScope): Promise<void> {
  const { environmentId } = scope;
  await recordChange(writer, { environmentId }, async (manager) => {
    const contact = await lockContact(manager, scope);
    await manager.delete(Contact, { environmentId, id: contact.id });
    await recallMails(manager, scope, { kind: 'contact_alert', address: contact.email });
    const changes = findChanges(contactFields(contact), {});
    return { answer: undefined, entries: [{ action: 'contact.deleted', ...aboutContact(contact), changes }] };
  });
}
