import { mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config, SecretKeys } from '@rollcall/platform';
import { bootstrapDatabase, type EnvironmentCredentials } from '@rollcall/database';

export interface BootstrapRequest {
  readonly config: Config;
  readonly keys: SecretKeys;
  readonly ownerUrl: string;
  readonly name?: string;
  readonly say: (text: string) => void;
}

/**
 * Makes the first environment of an empty database, shows its credentials this once and keeps them in `bootstrap.json`.
 * Returns them, or null when the database was set up before. Throws AppError `secret_key_mismatch` when that was with another key.
 */
export async function bootstrapOnce(request: BootstrapRequest): Promise<EnvironmentCredentials | null> {
  const { config, keys, ownerUrl, name, say } = request;
  const file = join(config.dataDir, 'bootstrap.json');
  const credentials = await bootstrapDatabase({
    ownerUrl,
    keys,
    name,
    clientId: config.bootstrapClientId,
    clientSecret: config.bootstrapClientSecret,
    keep: (made) => writeDurably(file, { ...made, dashboard_url: null, dashboard_setup_url: null }),
  });
  if (credentials) {
    say('Rollcall has made its first environment. Its API credentials are shown this once and kept in');
    say(`${file} (readable by you alone):`);
    for (const [field, value] of Object.entries(credentials)) say(`  ${field.padEnd(16)}${value}`);
  }
  return credentials;
}

async function writeDurably(file: string, content: object): Promise<void> {
  await mkdir(join(file, '..'), { recursive: true, mode: 0o711 });
  const fresh = `${file}.${process.pid}`;
  const handle = await open(fresh, 'w', 0o600);
  await handle.writeFile(`${JSON.stringify(content, null, 2)}\n`);
  await handle.sync();
  await handle.close();
  await rename(fresh, file);
}
