import { plural, t } from '@lingui/core/macro';
import type { Directory, DirectoryHealth, DirectoryRefusal } from '@rollcall/sdk';
import { supportContact, theVendor } from '../../shared/branding/app-name';
import { formatRelativeTime } from '../../shared/format/format-time';
import { liveSecrets } from '../../shared/format/secret-life';
import { MINUTE_MS } from '../../shared/format/time-units';

/** What a state means here and now, and what to do about it; '' where there is nothing to do. */
interface HealthDescription {
  meaning: string;
  advice: string;
}

type Facts = Pick<Directory, 'directory_provider' | 'health' | 'secrets' | 'setup' | 'total_users'>;
type Describe = (provider: string, directory: Facts, now: Date) => HealthDescription;

/** The health of a directory in words. `provider` is the provider's name in running text. */
export function describeHealth(directory: Facts, provider: string, now: Date): HealthDescription {
  const describe = DESCRIPTIONS[directory.health.state];
  return describe?.(provider, directory, now) ?? { meaning: directory.health.reason ?? '', advice: '' };
}

const DESCRIPTIONS: Record<DirectoryHealth['state'], Describe> = {
  waiting: (provider) => ({
    meaning: t`No request of ${provider} has arrived yet.`,
    advice: t`Paste the endpoint URL and the token into ${provider} and test the connection there. This turns to Connected by itself.`,
  }),
  connected: (provider, { total_users }) => ({
    meaning: t`${provider} reaches this directory.`,
    advice: total_users === 0 ? t`No users have arrived yet: assign somebody in ${provider}.` : '',
  }),
  refused: (provider, { health }) => ({
    meaning:
      REFUSED[health.refused?.reason ?? 'invalid_token']?.(provider) ?? t`The token of ${provider} was not accepted.`,
    advice: t`Copy the token again, or generate a new one, and paste it into ${provider}. Its next request that is accepted clears this.`,
  }),
  stalled: (provider, { directory_provider }) => ({
    meaning: t`Nothing has arrived for longer than ${provider} is silent when all is well.`,
    advice:
      STALLED[directory_provider]?.() ??
      t`Look in ${provider} whether provisioning is still switched on, and test the connection there.`,
  }),
  token_expiring: (provider, directory, now) => ({
    meaning: describeEndingToken(directory, now),
    advice: t`Regenerate it and paste the new token into ${provider} before that, or syncing stops.`,
  }),
  no_active_token: (provider, { secrets }) => ({
    meaning:
      secrets.length === 0
        ? t`No token has been generated yet. Every request of ${provider} is refused.`
        : t`Every token has expired or was revoked. Every request of ${provider} is refused.`,
    advice: t`Generate a new one and paste it into ${provider}.`,
  }),
  disabled: (provider) => ({
    meaning: t`Requests of ${provider} are refused.`,
    advice: t`Choose Enable in the Actions menu to accept them again.`,
  }),
  feature_off: (provider) => ({
    meaning: t`Directory Sync is switched off for your organization, and requests of ${provider} are refused.`,
    advice: askToSwitchOn(theVendor(), supportContact()),
  }),
};

function askToSwitchOn(vendor: string, contact: string | null): string {
  return contact === null
    ? t`Ask ${vendor} to switch it on. What is set up already is kept.`
    : t`Ask ${vendor} (${contact}) to switch it on. What is set up already is kept.`;
}

const REFUSED: Partial<Record<DirectoryRefusal['reason'], (provider: string) => string>> = {
  invalid_token: (provider) => t`${provider} sends a token that is not valid here.`,
  expired: (provider) => t`${provider} sends a token that has expired.`,
  revoked: (provider) => t`${provider} sends a token that was revoked.`,
  too_many_attempts: (provider) => t`${provider} has sent too many tokens that are not valid here, and has to wait.`,
};

const STALLED: Partial<Record<string, () => string>> = {
  OKTA: () =>
    t`Okta sends when something changes, and in a month something nearly always does. Open the app in Okta, choose Provisioning › Integration and test the connection; failed assignments are under Dashboard › Tasks.`,
  MICROSOFT_AD: () =>
    t`Open the enterprise application in Entra, choose Provisioning, and look whether it is stopped or in quarantine. Start or restart it there.`,
};

/** Which token ends, and when: the provider's own while it has not taken up a newer one, else the last. */
function describeEndingToken({ health: { expire_time: end }, secrets }: Facts, now: Date): string {
  if (end === null) return t`The token in use ends soon.`;
  const time = formatRelativeTime(end, now);
  const hasNewer = liveSecrets(secrets, now).some(
    ({ expire_time: other }) => other === null || Date.parse(other) > Date.parse(end),
  );
  return hasNewer
    ? t`The token that the identity provider uses ends soon, and the newer one has not been used yet. It ends ${time}.`
    : t`The last token that is accepted ends soon. It ends ${time}.`;
}

/** How often, and when last: what stands behind Refused. */
export function describeRefused({ count, last_time }: DirectoryRefusal, now: Date): string {
  const time = formatRelativeTime(last_time, now);
  return plural(
    { count },
    { one: `# request refused, the last ${time}.`, other: `# requests refused, the last ${time}.` },
  );
}

/** What was refused without anybody being kept out: what it means and what to do. */
export function describeAttention({ reason, count }: DirectoryRefusal, provider: string): HealthDescription {
  switch (reason) {
    case 'conflict':
      return {
        meaning: plural(
          { count },
          {
            one: `# request of ${provider} named a user or group that is here already.`,
            other: `# requests of ${provider} named a user or group that is here already.`,
          },
        ),
        advice: t`Two people in ${provider} may have the same user name, or two groups the same name: change one of them there.`,
      };
    case 'rate_limited':
      return {
        meaning: plural(
          { count },
          {
            one: `# request of ${provider} came too fast and was told to come again.`,
            other: `# requests of ${provider} came too fast and were told to come again.`,
          },
        ),
        advice: t`Nothing to do: ${provider} sends them again.`,
      };
    case 'invalid_request':
      return {
        meaning: plural(
          { count },
          {
            one: `# request of ${provider} could not be understood.`,
            other: `# requests of ${provider} could not be understood.`,
          },
        ),
        advice: t`Look at the attribute mapping in ${provider}: a value may be missing or have the wrong form. Its log shows the answer.`,
      };
    default:
      return {
        meaning: plural(
          { count },
          { one: `# request of ${provider} was refused.`, other: `# requests of ${provider} were refused.` },
        ),
        advice: '',
      };
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
    meaning: t`Users and groups have arrived, but nobody is a member of any group.`,
    advice:
      directory_provider === 'OKTA'
        ? t`Okta doesn’t support using the same group for assignments and for group push. Assign people by one group, push another one, and choose Push now in the menu of the pushed group. Only members who are assigned to the app are sent.`
        : t`Look in ${provider} whether the members of the group are assigned to the app, and whether members of groups are sent.`,
  };
}
