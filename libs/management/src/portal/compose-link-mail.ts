import type { Organization } from '@rollcall/database';
import { composeMail, mailName } from '../mail/compose-mail';
import type { MailText } from '../mail/compose-mail';
import type { PortalSettingsView } from '../portal-settings/find-portal-settings';

interface LinkMail {
  organization: Pick<Organization, 'displayName'>;
  settings: Pick<PortalSettingsView, 'displayName' | 'supportContact'>;
  location: string;
  expireTime: Date;
}

const time = new Intl.DateTimeFormat('en', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });

/** The mail with which a portal link is sent. */
export function composeLinkMail({ organization, settings, location, expireTime }: LinkMail): MailText {
  const app = appName(settings);
  const name = mailName(organization.displayName);
  return composeMail({
    subject: `Set up Directory Sync for ${name}`,
    paragraphs: [
      `You are asked to connect the identity provider of ${name} with ${app}. Users and groups then stay up to date there by themselves.`,
      `The link opens the admin portal once, until ${time.format(expireTime)} UTC. When you open it, a code is sent to this address, and you are asked for it.`,
    ],
    action: { label: 'Open the admin portal', url: location },
    footer: [
      `If you did not expect this, ignore it: without access to this mailbox the link opens nothing.`,
      ...supportLine(settings),
    ],
  });
}

/** The mail with the code that a mailed link asks for. */
export function composeCodeMail({
  organization,
  settings,
  code,
  minutes,
}: Pick<LinkMail, 'organization' | 'settings'> & { code: string; minutes: number }): MailText {
  const name = mailName(organization.displayName);
  return composeMail({
    subject: `Your code for the admin portal of ${name}`,
    paragraphs: [
      `Somebody opened your link to the admin portal of ${name} in ${appName(settings)}. Type this code there within ${minutes} minutes:`,
    ],
    code,
    footer: [
      'If it was not you, ignore this mail and give the code to nobody: who has the link and the code gets in.',
      ...supportLine(settings),
    ],
  });
}

/** What the app is called in a sentence. */
export function appName({ displayName }: Pick<PortalSettingsView, 'displayName'>): string {
  return displayName === null ? 'the app' : mailName(displayName);
}

/** Whom a reader may ask; nothing where the owner has not said it. */
export function supportLine({ supportContact }: Pick<PortalSettingsView, 'supportContact'>): string[] {
  return supportContact === null ? [] : [`Questions? ${supportContact}`];
}
