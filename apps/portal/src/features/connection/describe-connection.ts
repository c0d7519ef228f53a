import type { Directory } from '@rollcall/sdk';

export type ConnectionTone = 'neutral' | 'waiting' | 'good' | 'bad';

export interface ConnectionDescription {
  tone: ConnectionTone;
  title: string;
  text: string;
}

/**
 * What is known of the connection, said honestly: connected means that a request came through, not that one will.
 * `provider` is the provider's name in running text.
 */
export function describeConnection(
  directory: Pick<Directory, 'enabled' | 'status' | 'total_users'>,
  provider: string,
): ConnectionDescription {
  if (!directory.enabled) {
    return {
      tone: 'bad',
      title: 'Disabled',
      text: `Requests from ${provider} are refused. Choose Enable in the Actions menu to accept them again.`,
    };
  }
  if (directory.status === 'COMPLETED') {
    const text = directory.total_users === 0 ? `${provider} reaches this directory. No users have arrived yet.` : '';
    return { tone: 'good', title: 'Connected', text };
  }
  if (directory.status === 'IN_PROGRESS') {
    return {
      tone: 'waiting',
      title: `Waiting for ${provider}…`,
      text: 'This turns to Connected by itself with the first request. You can leave the page open.',
    };
  }
  return {
    tone: 'neutral',
    title: 'Not set up yet',
    text: `Generate a bearer token and paste it into ${provider}.`,
  };
}
