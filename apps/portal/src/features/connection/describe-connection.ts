import type { Directory } from '@rollcall/sdk';
import { connectionState, type ConnectionFacts, type ConnectionState } from '../../shared/format/directory-status';
import { formatRelativeTime } from '../../shared/format/format-time';
import { lastEnd, liveSecrets } from '../../shared/format/secret-life';

/** `warning`: it works and soon will not. */
export type ConnectionTone = 'neutral' | 'waiting' | 'warning' | 'good' | 'bad';

export interface ConnectionDescription {
  tone: ConnectionTone;
  title: string;
  /** What it means and what to do about it; '' where there is nothing to add. */
  text: string;
}

/**
 * What is known of the connection at `now`, said honestly: connected means that a request came through and that one still can,
 * not that one will. `provider` is the provider's name in running text.
 */
export function describeConnection(
  directory: ConnectionFacts & Pick<Directory, 'total_users'>,
  provider: string,
  now: Date,
): ConnectionDescription {
  return DESCRIPTIONS[connectionState(directory, now)](provider, directory, now);
}

type Describe = (
  provider: string,
  directory: ConnectionFacts & Pick<Directory, 'total_users'>,
  now: Date,
) => ConnectionDescription;

const DESCRIPTIONS: Record<ConnectionState, Describe> = {
  disabled: (provider) => ({
    tone: 'bad',
    title: 'Disabled',
    text: `Requests from ${provider} are refused. Choose Enable in the Actions menu to accept them again.`,
  }),
  draft: (provider) => ({
    tone: 'neutral',
    title: 'Not set up yet',
    text: `Generate a bearer token and paste it into ${provider}.`,
  }),
  no_active_token: (provider) => ({
    tone: 'bad',
    title: 'No active token',
    text: `Every request from ${provider} is refused: its tokens have expired or were revoked. Generate a new one and paste it into ${provider}.`,
  }),
  token_expiring: (provider, { secrets }, now) => ({
    tone: 'warning',
    title: 'Token expiring',
    text: `The last active token ends ${formatRelativeTime(new Date(lastEnd(liveSecrets(secrets, now))).toISOString(), now)}. Regenerate it, or add another one, and paste the new token into ${provider} before that, or syncing stops.`,
  }),
  waiting: (provider) => ({
    tone: 'waiting',
    title: `Waiting for ${provider}…`,
    text: 'This turns to Connected by itself with the first request. You can leave the page open.',
  }),
  connected: (provider, { total_users }) => ({
    tone: 'good',
    title: 'Connected',
    text: total_users === 0 ? `${provider} reaches this directory. No users have arrived yet.` : '',
  }),
};
