import type { Contact } from '@rollcall/database';
import { publicId } from '@rollcall/platform';
import type { ContactItem } from './contact.dto';

/** A contact as the API shows it. */
export function renderContact(contact: Contact): ContactItem {
  return {
    id: publicId('con', contact.id),
    email: contact.email,
    name: contact.name,
    subscribed: contact.unsubscribeTime === null,
    create_time: contact.createTime.toISOString(),
    update_time: contact.updateTime.toISOString(),
  };
}
