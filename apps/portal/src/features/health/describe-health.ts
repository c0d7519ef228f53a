import type { Directory, DirectoryHealth, DirectoryRefusal } from '@rollcall/sdk';
import { supportHint, theVendor } from '../../shared/branding/app-name';
import { formatCount } from '../../shared/format/format-count';
import { formatRelativeTime } from '../../shared/format/format-time';
import { MINUTE_MS } from '../../shared/format/time-units';

/** What a state means here and now, and what to do about it; '' where there is nothing to do. */
interface HealthDescription {
  meaning: string;
  advice: string;
}

type Facts = Pick<Directory, 'directory_provider' | 'health' | 'total_users' | 'setup'>;
type Describe = (provider: string, directory: Facts, now: Date) => HealthDescription;

/** The health of a directory in words. `provider` is the provider's name in running text. */
export function describeHealth(directory: Facts, provider: string, now: Date): HealthDescription {
  const describe = DESCRIPTIONS[directory.health.state];
  return describe?.(provider, directory, now) ?? { meaning: directory.health.reason ?? '', advice: '' };
}

const DESCRIPTIONS: Record<DirectoryHealth['state'], Describe> = {
  waiting: (provider) => ({
    meaning: `No request of ${provider} has arrived yet.`,
    advice: `Paste the endpoint URL and the token into ${provider} and test the connection there. This turns to Connected by itself.`,
  }),
  connected: (provider, { total_users }) => ({
    meaning: `${provider} reaches this directory.`,
    advice: total_users === 0 ? `No users have arrived yet: assign somebody in ${provider}.` : '',
  }),
  refused: (provider, { health }) => ({
    meaning:
      REFUSED[health.refused?.reason ?? 'invalid_token']?.(provider) ?? `The token of ${provider} was not accepted.`,
    advice: `Copy the token again, or generate a new one, and paste it into ${provider}. Its next request that is accepted clears this.`,
  }),
  stalled: (provider, { health, directory_provider }) => ({
    meaning: health.reason ?? `Nothing has arrived from ${provider} for a long time.`,
    advice:
      STALLED[directory_provider] ??
      `Look in ${provider} whether provisioning is still switched on, and test the connection there.`,
  }),
  token_expiring: (provider, { health: { reason, expire_time } }, now) => ({
    meaning: `${reason ?? 'The token in use ends soon.'}${expire_time === null ? '' : ` It ends ${formatRelativeTime(expire_time, now)}.`}`,
    advice: `Regenerate it and paste the new token into ${provider} before that, or syncing stops.`,
  }),
  no_active_token: (provider, { health }) => ({
    meaning: `${health.reason ?? 'No token is accepted.'} Every request of ${provider} is refused.`,
    advice: `Generate a new one and paste it into ${provider}.`,
  }),
  disabled: (provider) => ({
    meaning: `Requests of ${provider} are refused.`,
    advice: 'Choose Enable in the Actions menu to accept them again.',
  }),
  feature_off: (provider) => ({
    meaning: `Directory Sync is switched off for your organization, and requests of ${provider} are refused.`,
    advice: `Ask ${theVendor()}${supportHint()} to switch it on. What is set up already is kept.`,
  }),
};

const REFUSED: Partial<Record<DirectoryRefusal['reason'], (provider: string) => string>> = {
  invalid_token: (provider) => `${provider} sends a token that is not valid here.`,
  expired: (provider) => `${provider} sends a token that has expired.`,
  revoked: (provider) => `${provider} sends a token that was revoked.`,
  too_many_attempts: (provider) => `${provider} has sent too many tokens that are not valid here, and has to wait.`,
};

const STALLED: Partial<Record<string, string>> = {
  OKTA: 'Okta sends when something changes, and in a month something nearly always does. Open the app in Okta, choose Provisioning › Integration and test the connection; failed assignments are under Dashboard › Tasks.',
  MICROSOFT_AD:
    'Open the enterprise application in Entra, choose Provisioning, and look whether it is stopped or in quarantine. Start or restart it there.',
};

/** How often, and when last: what stands behind Refused. */
export function describeRefused({ count, last_time }: DirectoryRefusal, now: Date): string {
  return `${formatCount(count, 'request')} refused, the last ${formatRelativeTime(last_time, now)}.`;
}

/** What was refused without anybody being kept out: what it means and what to do. */
export function describeAttention({ reason, count }: DirectoryRefusal, provider: string): HealthDescription {
  const requests = `${formatCount(count, 'request')} of ${provider}`;
  switch (reason) {
    case 'conflict':
      return {
        meaning: `${requests} named a user or group that is here already.`,
        advice: `Two people in ${provider} may have the same user name, or two groups the same name: change one of them there.`,
      };
    case 'rate_limited':
      return {
        meaning: `${requests} came too fast and were told to come again.`,
        advice: `Nothing to do: ${provider} sends them again.`,
      };
    case 'invalid_request':
      return {
        meaning: `${requests} could not be understood.`,
        advice: `Look at the attribute mapping in ${provider}: a value may be missing or have the wrong form. Its log shows the answer.`,
      };
    default:
      return { meaning: `${requests} were refused.`, advice: '' };
  }
}

/** How long members may come later than their group. */
const MEMBERS_LATE_MS = 2 * MINUTE_MS;

/** Users and a group have arrived, and nobody is in any group: for Okta the usual sign of one group for two purposes. */
export function describeMissingMembers(
  { setup, directory_provider }: Pick<Directory, 'setup' | 'directory_provider'>,
  provider: string,
  now: Date,
): HealthDescription | null {
  const { first_user_time, first_group_time, first_member_time } = setup;
  if (!first_user_time || !first_group_time || first_member_time) return null;
  const late = now.getTime() - Math.max(Date.parse(first_user_time), Date.parse(first_group_time));
  if (late < MEMBERS_LATE_MS) return null;
  return {
    meaning: 'Users and groups have arrived, but nobody is a member of any group.',
    advice:
      directory_provider === 'OKTA'
        ? 'Okta doesn’t support using the same group for assignments and for group push. Assign people by one group, push another one, and choose Push now in the menu of the pushed group. Only members who are assigned to the app are sent.'
        : `Look in ${provider} whether the members of the group are assigned to the app, and whether members of groups are sent.`,
  };
}
