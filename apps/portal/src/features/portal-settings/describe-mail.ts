import type { MailStatus } from '@rollcall/sdk';
import { lookUp } from '../../shared/format/look-up';

type Mail = MailStatus['mails'][number];

const KINDS: Record<string, string> = {
  contact_alert: 'Alert to an IT contact',
  invitation: 'Invitation of a member',
  portal_code: 'Code of a portal link',
  portal_link: 'Portal link',
  test: 'Test mail',
};

/** What a mail was about and what became of it, in words; whom it went to is not kept. */
export function describeMail({ kind, state, attempts, failure }: Mail): { what: string; state: string } {
  return { what: lookUp(KINDS, kind) ?? 'Mail', state: describeState({ state, attempts, failure }) };
}

function describeState({ state, attempts, failure }: Pick<Mail, 'state' | 'attempts' | 'failure'>): string {
  if (state === 'sent') return 'Sent';
  const reason = failure === null ? '' : ` (${failure})`;
  if (state === 'failed') return `Not sent${reason}`;
  return attempts === 0 ? 'On its way' : `Tried ${attempts === 1 ? 'once' : `${attempts} times`}${reason}, tried again`;
}
