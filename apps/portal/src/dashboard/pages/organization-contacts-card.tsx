import { useState } from 'react';
import { answerOf, api } from '../../shared/management-api/management-api';
import { Button } from '../../shared/ui/button';
import { Card } from '../../shared/ui/card';
import { ContactDialog } from '../../features/contacts/contact-dialogs';
import type { ContactsAccess } from '../../features/contacts/contacts-access';
import { ContactsSection } from '../../features/contacts/contacts-section';

const PATH = '/api/v1/organizations/{organization_id}/contacts';

/** Whom of an organization's IT is told of failures by mail; its admin may change the list in the portal too. */
export function OrganizationContactsCard({ organizationId, canWrite }: { organizationId: string; canWrite: boolean }) {
  const [access] = useState(() => contactsOf(organizationId));
  const [isAdding, setIsAdding] = useState(false);
  return (
    <Card
      title="IT contacts"
      lead="They get a mail when the identity provider is refused or silent, when its token ends, and when users wait to lose their access."
      actions={canWrite && <Button onClick={() => setIsAdding(true)}>Add contact</Button>}
    >
      <ContactsSection access={access} mayChange={canWrite} />
      {isAdding && <ContactDialog access={access} onClose={() => setIsAdding(false)} />}
    </Card>
  );
}

function contactsOf(organizationId: string): ContactsAccess {
  const path = { organization_id: organizationId };
  const at = (contactId: string) => ({ params: { path: { ...path, contact_id: contactId } } });
  return {
    queryKey: ['organization', organizationId, 'contacts'],
    list: async (signal) => (await answerOf(api.GET(PATH, { params: { path }, signal }))).contacts,
    create: async (body) => (await answerOf(api.POST(PATH, { params: { path }, body }))).contact,
    update: async (contactId, body) =>
      (await answerOf(api.PATCH(`${PATH}/{contact_id}`, { ...at(contactId), body }))).contact,
    remove: async (contactId) => {
      await answerOf(api.DELETE(`${PATH}/{contact_id}`, at(contactId)));
    },
  };
}
