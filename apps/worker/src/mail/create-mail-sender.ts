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
/** The whole of an attempt, whatever the mail server says meanwhile: less than its lease, so that nobody else makes it too. */
const ATTEMPT_TIMEOUT_MS = 45_000;

/**
 * The way out for mails: the operator's mail server, which no tenant chooses, or the development mailbox, which keeps them. Null where
 * there is neither; then none is written.
 * @param attemptMs how long an attempt may take
 */
export async function createMailSender(
  settings: MailSettings,
  attemptMs = ATTEMPT_TIMEOUT_MS,
): Promise<MailSender | null> {
  switch (settings.transport) {
    case 'none':
      return null;
    case 'mailbox':
      return { send: () => Promise.resolve({ state: 'kept' }), close: () => undefined };
    case 'smtp':
      return createSmtpSender(settings, attemptMs);
  }
}

type SmtpSettings = Extract<MailSettings, { transport: 'smtp' }>;

async function createSmtpSender(settings: SmtpSettings, attemptMs: number): Promise<MailSender> {
  // Only where there is a mail server to talk to: others start without it.
  const { createTransport } = await import('nodemailer');
  const openTransport = () => createTransport(...readTransport(settings));
  let transport = openTransport();
  return {
    async send({ to, subject, text, html }) {
      const sending = transport.sendMail({ to: { name: '', address: to }, subject, text, html });
      try {
        const isSent = await within(attemptMs, sending);
        if (isSent) return { state: 'sent' };
      } catch (error) {
        return describeFailure(error);
      }
      // Its connection may never be free again: the next attempt has another.
      transport.close();
      transport = openTransport();
      return { state: 'failed', failure: 'ETIMEDOUT', isFinal: false };
    },
    close: () => transport.close(),
  };
}

/** Whether it came to its end in time. Throws what it throws by then. */
async function within(ms: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => (timer = setTimeout(resolve, ms, false)));
  return Promise.race([work.then(() => true), late]).finally(() => clearTimeout(timer));
}

/** How nodemailer is to reach the mail server, and what every mail has. */
function readTransport({ url, from }: SmtpSettings) {
  return [
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
  ] as const;
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
