import { mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config, SecretKeys } from '@rollcall/platform';
import { bootstrapDatabase } from '@rollcall/database';
import type { Bootstrap } from '@rollcall/database';
import { dashboardUrl, setupUrl } from '@rollcall/management';

export interface BootstrapRequest {
  readonly config: Config;
  readonly keys: SecretKeys;
  readonly ownerUrl: string;
  readonly name?: string;
  readonly say: (text: string) => void;
}

/**
 * Makes the first environment of an empty database, shows its credentials and the link that sets the dashboard up this once, and
 * keeps them in `bootstrap.json`. Returns what was made, or null when the database was set up before. Throws AppError `secret_key_mismatch` when that was with another key.
 */
export async function bootstrapOnce(request: BootstrapRequest): Promise<Bootstrap | null> {
  const { config, keys, ownerUrl, name, say } = request;
  const file = join(config.dataDir, 'bootstrap.json');
  const describe = ({ credentials, setupToken }: Bootstrap) => ({
    ...credentials,
    dashboard_url: dashboardUrl(config.publicUrl),
    dashboard_setup_url: setupUrl(config.publicUrl, setupToken),
  });
  const made = await bootstrapDatabase({
    ownerUrl,
    keys,
    name,
    clientId: config.bootstrapClientId,
    clientSecret: config.bootstrapClientSecret,
    keep: (bootstrap) => writeDurably(file, describe(bootstrap)),
  });
  if (made) {
    say('Rollcall has made its first environment. Its API credentials, and the link that makes the first owner of the');
    say(`dashboard, are shown this once and kept in ${file} (readable by you alone):`);
    for (const [field, value] of Object.entries(describe(made))) say(`  ${field.padEnd(21)}${value}`);
  }
  return made;
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
