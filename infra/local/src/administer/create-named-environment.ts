import { asOwner, bootstrapDatabase, createEnvironment } from '@rollcall/database';
import type { EnvironmentCredentials } from '@rollcall/database';
import { invitationUrl } from '@rollcall/management';
import { parseId } from '@rollcall/platform';
import type { SecretKeys } from '@rollcall/platform';
import { makeInvitation } from './invite-member';

export interface NamedEnvironmentRequest {
  readonly ownerUrl: string;
  readonly keys: SecretKeys;
  readonly publicUrl: string;
  readonly name: string;
  readonly json: boolean;
  readonly say: (text: string) => void;
}

/**
 * Makes an environment with an API client and prints its credentials and the link that makes its first owner, both this once. In an empty database it is
 * the first one, and the database is bound to the secret key.
 */
export async function createNamedEnvironment({
  ownerUrl,
  keys,
  publicUrl,
  name,
  json,
  say,
}: NamedEnvironmentRequest): Promise<void> {
  const first = await bootstrapDatabase({ ownerUrl, keys, name });
  const credentials = first?.credentials ?? (await createEnvironment({ ownerUrl, keys, name }));
  const token = await inviteFirstOwner(ownerUrl, credentials);
  const made = { ...credentials, dashboard_invitation_url: invitationUrl(publicUrl, token) };
  if (json) return say(JSON.stringify(made));
  say(`The environment "${name}" is made. Its API credentials, and the link of its first owner, are shown this once:`);
  for (const [field, value] of Object.entries(made)) say(`  ${field.padEnd(26)}${value}`);
}

/** For whoever has the link: an operator need not know the address. */
async function inviteFirstOwner(
  ownerUrl: string,
  { environment_id: environment }: EnvironmentCredentials,
): Promise<string> {
  return asOwner(ownerUrl, async (dataSource) => {
    const environmentId = parseId('env', environment) ?? '';
    const { token } = await makeInvitation(dataSource, environmentId, { email: null, role: 'owner' });
    return token;
  });
}
