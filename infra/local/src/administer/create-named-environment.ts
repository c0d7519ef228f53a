import { bootstrapDatabase, createEnvironment } from '@rollcall/database';
import type { SecretKeys } from '@rollcall/platform';

export interface NamedEnvironmentRequest {
  readonly ownerUrl: string;
  readonly keys: SecretKeys;
  readonly name: string;
  readonly json: boolean;
  readonly say: (text: string) => void;
}

/**
 * Makes an environment with an API client and prints its credentials, the secret this once. In an empty database it is
 * the first one, and the database is bound to the secret key.
 */
export async function createNamedEnvironment({
  ownerUrl,
  keys,
  name,
  json,
  say,
}: NamedEnvironmentRequest): Promise<void> {
  const credentials =
    (await bootstrapDatabase({ ownerUrl, keys, name })) ?? (await createEnvironment({ ownerUrl, keys, name }));
  if (json) return say(JSON.stringify(credentials));
  say(`The environment "${name}" is made. Its API credentials are shown this once:`);
  for (const [field, value] of Object.entries(credentials)) say(`  ${field.padEnd(16)}${value}`);
}
