import { ConfigError } from './config-error';
import { readBoolean } from './read-values';
import type { ReadVariable } from './read-values';

/**
 * How mails leave: by SMTP; into the development mailbox, which is read in the browser of this machine; or not at all, and what
 * would write one is refused.
 */
export type MailSettings =
  | { transport: 'smtp'; url: string; from: string }
  | { transport: 'mailbox'; from: string }
  | { transport: 'none' };

/** Reads `SMTP_URL` and `MAIL_FROM`: how mails leave. The mailbox is for the embedded database, of which the launcher tells the processes that it starts. Throws ConfigError. */
export function readMail(read: ReadVariable, { isEmbedded }: { isEmbedded: boolean }): MailSettings {
  const [url, from] = [read('SMTP_URL'), read('MAIL_FROM')];
  if (
    from !== undefined &&
    (from.length > 320 || !/^([^<>\r\n]*<[^<>\s@]+@[^<>\s@]+>|[^<>\s@]+@[^<>\s@]+)$/.test(from))
  ) {
    throw new ConfigError('MAIL_FROM', 'must be an address such as "Rollcall <rollcall@example.com>".');
  }
  if (url === undefined) {
    const hasMailbox = isEmbedded || readBoolean('DEVELOPMENT_MAILBOX', read('DEVELOPMENT_MAILBOX'));
    return hasMailbox ? { transport: 'mailbox', from: from ?? 'Rollcall <rollcall@localhost>' } : { transport: 'none' };
  }
  if (!/^smtps?:\/\//.test(url) || !URL.canParse(url) || new URL(url).hostname === '') {
    throw new ConfigError(
      'SMTP_URL',
      'must be an smtp:// or smtps:// URL, such as smtps://user:password@mail.example.com.',
    );
  }
  if (from === undefined) {
    throw new ConfigError('MAIL_FROM', 'is required with SMTP_URL: the address that mails come from.');
  }
  return { transport: 'smtp', url, from };
}
