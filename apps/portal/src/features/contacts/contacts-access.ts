import type { Contact, ContactInput } from '@rollcall/sdk';
import { queryOptions } from '@tanstack/react-query';
import { dashboardPolled } from '../../shared/management-api/list-query';

/** How contacts are read and changed: by an organization's admin in the portal, or by the app's owner in the dashboard. */
export interface ContactsAccess {
  /** Of the list in the cache. */
  queryKey: readonly string[];
  list: (signal?: AbortSignal) => Promise<Contact[]>;
  create: (contact: ContactInput) => Promise<Contact>;
  update: (contactId: string, contact: ContactInput) => Promise<Contact>;
  remove: (contactId: string) => Promise<void>;
}

export function contactsQuery({ queryKey, list }: ContactsAccess) {
  return queryOptions({ queryKey, queryFn: ({ signal }) => list(signal), ...dashboardPolled });
}
