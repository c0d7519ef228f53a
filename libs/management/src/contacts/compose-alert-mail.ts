import type { AlertKind } from '@rollcall/directory';
import { composeMail, mailName } from '../mail/compose-mail';
import type { MailText } from '../mail/compose-mail';
import { appName, supportLine } from '../portal/compose-link-mail';
import type { PortalSettingsView } from '../portal-settings/find-portal-settings';

/** What a mail to a contact is about. */
export interface AlertContent {
  kind: AlertKind;
  /** Their names. */
  organization: string;
  directory: string;
  settings: Pick<PortalSettingsView, 'displayName' | 'supportContact'>;
  /** When the next token ends. */
  endsAt: Date | null;
  /** The identity provider's name, and how long it is silent at most while all is well. */
  provider: { name: string; limit: string };
  /** Users who are held. */
  held: number;
  unsubscribeUrl: string;
}

const day = new Intl.DateTimeFormat('en', { dateStyle: 'long', timeZone: 'UTC' });

/** The mail that tells a contact what has happened to a directory, and what to do about it. */
export function composeAlertMail(alert: AlertContent): MailText {
  const { organization, settings, unsubscribeUrl } = alert;
  const { subject, paragraphs } = CONTENT[alert.kind](alert);
  return composeMail({
    subject,
    paragraphs: [
      ...paragraphs,
      `To look at it, open the admin portal from ${appName(settings)}, or ask for a link to it.`,
    ],
    footer: [
      `You get this because you are an IT contact of ${mailName(organization)} in ${appName(settings)}.`,
      ...supportLine(settings),
    ],
    footerLink: { label: 'Get no more of these mails', url: unsubscribeUrl },
  });
}

const CONTENT: Record<AlertKind, (alert: AlertContent) => { subject: string; paragraphs: string[] }> = {
  token_expiring: ({ directory, settings, endsAt }) => {
    const end = endsAt === null ? 'soon' : `on ${day.format(endsAt)}`;
    return {
      subject: `The token of ${mailName(directory)} ends ${end}`,
      paragraphs: [
        `The bearer token with which ${mailName(directory)} sends users and groups to ${appName(settings)} ends ${end}. From then on its requests are refused, and nobody is added, changed or removed any more.`,
        'Regenerate the token in the admin portal before that, and put the new one into your identity provider. The old one can go on working meanwhile.',
      ],
    };
  },
  no_active_token: ({ directory, settings, provider }) => ({
    subject: `${mailName(directory)} has no token any more`,
    paragraphs: [
      `Every bearer token of ${mailName(directory)} has ended, so every request of ${provider.name} is refused: nobody is added, changed or removed in ${appName(settings)}.`,
      `Generate a token in the admin portal, and put it into ${provider.name}.`,
    ],
  }),
  refused: ({ directory, settings, provider }) => ({
    subject: `${mailName(directory)}: ${provider.name} is refused`,
    paragraphs: [
      `For more than an hour ${provider.name} has sent a bearer token for ${mailName(directory)} that is not valid, so its requests are refused: nobody is added, changed or removed in ${appName(settings)}.`,
      `Compare the token in ${provider.name} with those in the admin portal; where it is lost, generate a new one and put that in.`,
    ],
  }),
  stalled: ({ directory, settings, provider }) => ({
    subject: `Nothing arrives from ${mailName(directory)}`,
    paragraphs: [
      `${provider.name} has sent nothing for ${mailName(directory)} for longer than ${provider.limit}, which is as long as it is silent while all is well. What has changed there may not have reached ${appName(settings)}.`,
      `Look in ${provider.name} whether provisioning is switched on, and whether it reports an error.`,
    ],
  }),
  deprovisioning_held: ({ directory, settings, held }) => ({
    subject: `${mailName(directory)}: ${count(held)} waiting to lose access`,
    paragraphs: [
      `${mailName(directory)} has deactivated or removed more users at once than is usual. To be safe, ${count(held)} still have their access to ${appName(settings)} until somebody decides.`,
      'Look whether that was meant. If it was, have the changes released; if not, put it right in your identity provider and have them discarded.',
    ],
  }),
};

function count(users: number): string {
  return users === 1 ? '1 user' : `${users.toLocaleString('en')} users`;
}
