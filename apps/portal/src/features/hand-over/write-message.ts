import { t } from '@lingui/core/macro';
import type { Directory } from '@rollcall/sdk';

type Facts = Pick<Directory, 'directory_endpoint' | 'secrets'>;

/**
 * What to send to whoever administers the identity provider. The token is never in it: it goes another way, and what the message says
 * of it lets the reader tell whether they have the right one. `provider` and `organization` are names.
 */
export function writeMessage({ directory_endpoint, secrets }: Facts, provider: string, organization: string): string {
  const newest = secrets.find(({ status }) => status === 'ACTIVE');
  return [
    t`Please connect ${provider} to Directory Sync for ${organization}. It takes these two values:`,
    '',
    t`Endpoint URL: ${{ endpoint: directory_endpoint }}`,
    newest
      ? t`Bearer token: I send it to you separately; it ends in ${{ end: newest.secret_suffix }}.`
      : t`Bearer token: I send it to you separately.`,
    '',
    t`Paste both into the provisioning (SCIM) settings of the app in ${provider}, and test the connection there.`,
    t`Then assign two or three people, and tell me: I can see here whether they have arrived.`,
  ].join('\n');
}
