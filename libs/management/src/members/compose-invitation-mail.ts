import type { MemberRole } from '@rollcall/contract';
import { composeMail, mailName } from '../mail/compose-mail';
import type { MailText } from '../mail/compose-mail';

const time = new Intl.DateTimeFormat('en', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });

const MAY: Record<MemberRole, string> = {
  owner: 'everything, members and sign-in included',
  admin: 'organizations, webhooks, API clients and settings',
  viewer: 'look at everything and change nothing',
};

/** The mail with which somebody is invited to the dashboard of an environment. */
export function composeInvitationMail({
  environment,
  inviter,
  role,
  location,
  expireTime,
}: {
  environment: string;
  /** Who invites; null: a command on the server. */
  inviter: string | null;
  role: MemberRole;
  location: string;
  expireTime: Date;
}): MailText {
  const name = mailName(environment);
  return composeMail({
    subject: `Join ${name} on Rollcall`,
    paragraphs: [
      `${inviter === null ? 'You are invited' : `${mailName(inviter)} invites you`} to the dashboard of ${name}, as ${role}: ${MAY[role]}.`,
      `The link works once, until ${time.format(expireTime)} UTC.`,
    ],
    action: { label: 'Accept the invitation', url: location },
    footer: ['If you did not expect this, ignore it: nothing happens unless the link is opened.'],
  });
}
