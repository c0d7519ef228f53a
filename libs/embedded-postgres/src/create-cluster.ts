import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { appendFile, chmod, chown, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { isProcessAlive } from './is-process-alive';
import { StartError } from './start-error';
import type { ServerUser } from './choose-server-user';
import type { PostgresBinaries } from './find-postgres-binaries';
import { writeServerSecrets } from './server-secrets';

export interface ClusterOptions {
  readonly dataDir: string;
  readonly clusterDir: string;
  readonly binaries: PostgresBinaries;
  readonly user: ServerUser;
  readonly settings: Readonly<Record<string, string>>;
}

/**
 * Makes the cluster unless it is there. It is made aside and moved into place in one step, so that a start killed in
 * the middle leaves nothing half made, and of two first starts at once one wins and the other uses its cluster.
 * Throws a StartError for a cluster of another major version and for a folder that is not a cluster.
 */
export async function createCluster(options: ClusterOptions): Promise<void> {
  if (await isUsableCluster(options)) return;
  await removeAbandoned(options.dataDir);
  const workshop = await mkdtemp(join(options.dataDir, `postgres.init-${process.pid}-`));
  try {
    await own(workshop, options.user);
    const made = join(workshop, 'cluster');
    const adminPassword = newPassword();
    await initdb(made, join(workshop, 'password'), adminPassword, options);
    await appendFile(join(made, 'postgresql.conf'), renderSettings(options.settings));
    const secrets = { adminPassword, ownerPassword: newPassword(), appPassword: newPassword() };
    await writeServerSecrets(made, secrets, options.user);
    await rename(made, options.clusterDir).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
  await isUsableCluster(options);
}

async function isUsableCluster({ clusterDir, binaries }: ClusterOptions): Promise<boolean> {
  const version = await readFile(join(clusterDir, 'PG_VERSION'), 'utf8').catch(() => undefined);
  if (version === undefined) {
    const content = await readdir(clusterDir).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw new StartError(`The database folder ${clusterDir} cannot be read (${error.code}): start as its owner.`);
    });
    if (content.length === 0) return false;
    throw new StartError(`${clusterDir} is not a PostgreSQL cluster: move it away or choose another DATA_DIR.`);
  }
  if (Number(version) === binaries.major) return true;
  throw new StartError(
    `${clusterDir} was made by PostgreSQL ${version.trim()} and the server here is ${binaries.major}: ` +
      'run the version that made it, or move the data over and set DATABASE_URL.',
  );
}

/** Removes what a first start that was killed left behind; one that is still running keeps its own. */
async function removeAbandoned(dataDir: string): Promise<void> {
  for (const name of await readdir(dataDir)) {
    const pid = /^postgres\.init-(\d+)-/.exec(name)?.[1];
    // The initdb of a killed start may write on for a moment; what cannot be removed now is removed by the next start.
    const retry = { maxRetries: 10, retryDelay: 50 };
    if (pid && !isProcessAlive(Number(pid))) {
      await rm(join(dataDir, name), { recursive: true, force: true, ...retry }).catch(() => undefined);
    }
  }
}

async function own(path: string, { uid, gid }: ServerUser): Promise<void> {
  await chmod(path, 0o700);
  if (uid !== undefined && gid !== undefined) await chown(path, uid, gid);
}

async function initdb(target: string, passwordFile: string, password: string, options: ClusterOptions): Promise<void> {
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (options.user.uid !== undefined) await chown(passwordFile, options.user.uid, options.user.gid ?? 0);
  await mkdir(target, { mode: 0o700 });
  await own(target, options.user);
  // macOS calls the plain UTF-8 character type by another name.
  const locale = process.platform === 'darwin' ? ['--locale=C', '--lc-ctype=UTF-8'] : ['--locale=C.UTF-8'];
  const args = ['--encoding=UTF8', ...locale, '--username=postgres', '--auth=scram-sha-256'];
  const command = [...options.user.wrapper, options.binaries.initdb, '-D', target, ...args, `--pwfile=${passwordFile}`];
  const child = spawn(command[0] ?? '', command.slice(1), {
    cwd: '/',
    env: { PATH: process.env.PATH, LC_ALL: 'C' },
    stdio: ['ignore', 'ignore', 'pipe'],
    uid: options.user.uid,
    gid: options.user.gid,
  });
  const [complaint, code] = await Promise.all([
    text(child.stderr),
    new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve)),
  ]);
  if (code !== 0) throw new StartError(`The embedded database cannot be made: ${complaint.trim()}`);
}

function renderSettings(settings: Readonly<Record<string, string>>): string {
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value}'`);
  return `\n# Set by Rollcall when the cluster was made; change what you like, it is not written again.\n${lines.join('\n')}\n`;
}

function newPassword(): string {
  return randomBytes(24).toString('base64url');
}
