import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** Where the rivals' own package.json and lockfile are. */
export const RIVALS_FOLDER = 'infra/bench/rivals';

/**
 * Installs the systems to compare with, once; nothing else may be running, for this process does nothing meanwhile. Returns
 * whether they are there; says what to do when they are not.
 */
export function installRivals(): boolean {
  if (existsSync(`${RIVALS_FOLDER}/node_modules/.package-lock.json`)) return true;
  console.error('Installing the systems to compare with (about 290 MB, once) …');
  const { status, stderr, error } = spawnSync(
    'npm',
    ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
    { cwd: RIVALS_FOLDER, encoding: 'utf8' },
  );
  if (status === 0) return true;
  console.error(
    `They could not be installed, so their columns stay empty. With access to the npm registry run: npm ci --ignore-scripts --prefix ${RIVALS_FOLDER}\nWithout it, --no-rivals leaves them out. npm said: ${error?.message ?? stderr.trim()}\n`,
  );
  return false;
}

/** The packages that stand for the rivals, with the versions that are installed. */
export function describeRivals(): string {
  const text = readFileSync(`${RIVALS_FOLDER}/package.json`, 'utf8');
  const { dependencies } = JSON.parse(text) as { dependencies: Record<string, string> };
  const names = ['@boxyhq/saml-jackson', '@better-auth/scim'].map((name) => `${name} ${dependencies[name]}`);
  return `${names.join(' and ')} under a bare node:http server, events dropped`;
}
