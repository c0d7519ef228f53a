import { createTransport } from 'nodemailer';
import type { StoredMessage } from '@rollcall/management';
import type { MailSettings } from '@rollcall/platform';

/** How an attempt ended. `failed`: `isFinal` when no later one can succeed. */
export type SendResult = { state: 'sent' | 'kept' } | { state: 'failed'; failure: string; isFinal: boolean };

export interface MailSender {
  /** Makes one attempt. Never throws: a mail server that is away is a result. */
  send(message: StoredMessage): Promise<SendResult>;
  close(): void;
}

const CONNECT_TIMEOUT_MS = 10_000;
const SILENCE_TIMEOUT_MS = 20_000;

/**
 * The way out for mails: the operator's mail server, which no tenant chooses, or the development mailbox, which keeps them. Null where
 * there is neither; then none is written.
 */
export function createMailSender(settings: MailSettings): MailSender | null {
  switch (settings.transport) {
    case 'none':
      return null;
    case 'mailbox':
      return { send: () => Promise.resolve({ state: 'kept' }), close: () => undefined };
    case 'smtp':
      return createSmtpSender(settings);
  }
}

function createSmtpSender({ url, from }: Extract<MailSettings, { transport: 'smtp' }>): MailSender {
  const transport = createTransport(
    {
      url,
      pool: true,
      maxConnections: 2,
      connectionTimeout: CONNECT_TIMEOUT_MS,
      greetingTimeout: CONNECT_TIMEOUT_MS,
      socketTimeout: SILENCE_TIMEOUT_MS,
      // A message is text alone: nothing in it is ever a file or an address to be fetched.
      disableFileAccess: true,
      disableUrlAccess: true,
    },
    { from, headers: { 'Auto-Submitted': 'auto-generated' } },
  );
  return {
    async send({ to, subject, text, html }) {
      try {
        await transport.sendMail({ to: { name: '', address: to }, subject, text, html });
        return { state: 'sent' };
      } catch (error) {
        return describeFailure(error);
      }
    },
    close: () => transport.close(),
  };
}

/** What a mail server answers may repeat the address; its code does not. 5xx: it will not take this mail (RFC 5321, section 4.2.1). */
function describeFailure(error: unknown): SendResult {
  const { responseCode, code } = error as { responseCode?: unknown; code?: unknown };
  if (typeof responseCode === 'number') {
    const isLogin = code === 'EAUTH';
    return { state: 'failed', failure: `SMTP ${responseCode}`, isFinal: responseCode >= 500 && !isLogin };
  }
  return { state: 'failed', failure: typeof code === 'string' ? code.slice(0, 40) : 'unknown', isFinal: false };
}
