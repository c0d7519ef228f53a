import { createHmac, timingSafeEqual } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { Contact, tenantTransaction, writeAuditEntries } from '@rollcall/database';
import type { Author } from '@rollcall/database';
import { AppError, isBareId } from '@rollcall/platform';
import type { DerivedKeys } from '@rollcall/platform';
import { recallMails } from '../mail/recall-mails';
import { aboutContact } from './find-contact';
import { rememberUnsubscribe } from './remember-unsubscribe';

interface ContactKey {
  environmentId: string;
  id: string;
}

/** What stands in an unsubscribe link: whom it is for, and that we made it. It holds as long as the key, in every mail alike. */
export function unsubscribeToken([key]: DerivedKeys, { environmentId, id }: ContactKey): string {
  const subject = `${environmentId}.${id}`;
  return `${subject}.${sign(key, subject)}`;
}

/** Whom the token is for; null for one that we did not make. */
export function readUnsubscribeToken(keys: DerivedKeys, token: string): ContactKey | null {
  const [environmentId = '', id = '', given = '', ...more] = token.split('.');
  if (more.length > 0 || !isBareId(environmentId) || !isBareId(id)) return null;
  const actual = Buffer.from(given);
  const isOurs = keys.some((key) => {
    const expected = Buffer.from(sign(key, `${environmentId}.${id}`));
    return expected.length === actual.length && timingSafeEqual(expected, actual);
  });
  return isOurs ? { environmentId, id } : null;
}

function sign(key: Buffer, subject: string): string {
  return createHmac('sha256', key).update(subject).digest('base64url');
}

/**
 * Ends the mails to the contact whom a token is for, also when the address is added again; once is as good as twice. Throws AppError 404 `unsubscribe_unknown` for a token that
 * is none, or of a contact that is not there any more.
 */
export async function unsubscribe(
  dataSource: DataSource,
  keys: DerivedKeys,
  token: string,
  origin: Omit<Author, 'actor'>,
): Promise<{ email: string }> {
  const found = readUnsubscribeToken(keys, token);
  if (!found) throw unknown();
  const { environmentId, id } = found;
  return tenantTransaction(dataSource, { environmentId }, async (manager) => {
    const contact = await manager.findOne(Contact, {
      where: { environmentId, id },
      lock: { mode: 'pessimistic_write' },
    });
    if (!contact) throw unknown();
    if (contact.unsubscribeTime === null) {
      await manager.update(Contact, { environmentId, id }, { unsubscribeTime: () => 'now()' });
      await recallMails(manager, contact, { kind: 'contact_alert', address: contact.email });
      await rememberUnsubscribe(manager, contact, contact.emailKey);
      const actor = { type: 'anonymous' as const, id: null, name: null };
      const entry = { action: 'contact.unsubscribed' as const, ...aboutContact(contact) };
      await writeAuditEntries(manager, environmentId, { actor, ...origin }, [entry]);
    }
    return { email: contact.email };
  });
}

function unknown(): AppError {
  return new AppError({
    kind: 'not_found',
    code: 'unsubscribe_unknown',
    message:
      'This link is not known here, or the address is not among the contacts any more: no more mails come to it.',
  });
}
