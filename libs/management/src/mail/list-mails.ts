import type { DataSource } from 'typeorm';
import { Mail, tenantTransaction } from '@rollcall/database';
import type { Sealer } from '@rollcall/platform';
import type { StoredMessage } from './write-mail';

/** The newest mails of an environment, without what is in them. */
export async function listMails(dataSource: DataSource, environmentId: string, limit: number): Promise<Mail[]> {
  return tenantTransaction(dataSource, { environmentId }, (manager) =>
    manager.find(Mail, { where: { environmentId }, order: { createTime: 'DESC' }, take: limit }),
  );
}

/** A mail in the development mailbox. */
export interface KeptMail extends StoredMessage {
  id: string;
  createTime: Date;
}

/** The newest mails of all environments that are kept for the development mailbox, which shows them instead of sending them. */
export async function readMailbox(dataSource: DataSource, sealer: Sealer, limit: number): Promise<KeptMail[]> {
  const found = await dataSource.query<{ environment_id: string; mail_id: string }[]>(
    'SELECT environment_id, mail_id FROM find_kept_mails($1)',
    [limit],
  );
  const kept: KeptMail[] = [];
  for (const { environment_id: environmentId, mail_id: id } of found) {
    const mail = await tenantTransaction(dataSource, { environmentId }, (manager) =>
      manager.findOneBy(Mail, { environmentId, id }),
    );
    if (!mail?.sealedMessage) continue;
    const message = JSON.parse(sealer.open(mail.sealedMessage, 'mail', id)) as StoredMessage;
    kept.push({ ...message, id, createTime: mail.createTime });
  }
  return kept;
}
