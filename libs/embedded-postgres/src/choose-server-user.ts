import { spawnSync } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { StartError } from './start-error';

/** As whom PostgreSQL's programs run: a user to drop to, a command to run them under, or just us (neither). */
export interface ServerUser {
  readonly uid?: number;
  readonly gid?: number;
  readonly wrapper: readonly string[];
}

interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** Shows PostgreSQL a user other than root while files are still opened as root. */
const USER_NAMESPACE = ['unshare', '--user', '--map-user=65534', '--map-group=65534', '--'] as const;

/**
 * PostgreSQL refuses to run as root. Chooses the user for it: we ourselves unless we are root; else the owner of an
 * existing cluster, the account `postgres` or `nobody`; else, when that account cannot reach the files (a checkout in
 * a private home), a user namespace. Throws a StartError when none of these works.
 *
 * @param clusterDir the data directory of the cluster, which may not exist yet
 * @param reachable files that the user must be able to use: the server program and the folder around the cluster
 */
export async function chooseServerUser(
  clusterDir: string,
  reachable: { readonly program: string; readonly folder: string },
): Promise<ServerUser> {
  if (process.getuid?.() !== 0) return { wrapper: [] };

  const owner = await stat(clusterDir).catch(() => undefined);
  const account = owner ? { uid: owner.uid, gid: owner.gid } : await findAccount();
  if (account && account.uid !== 0 && canUse(account, reachable)) return { ...account, wrapper: [] };
  // Only root's own files can be used inside the namespace: the cluster of another account cannot.
  if ((!owner || owner.uid === 0) && namespaceWorks()) return { wrapper: USER_NAMESPACE };
  throw new StartError(
    `PostgreSQL does not run as root, and no other user can use ${reachable.program} and ${reachable.folder}: ` +
      'start Rollcall as an ordinary user, move it out of the private folder, or set DATABASE_URL.',
  );
}

async function findAccount(): Promise<Account | undefined> {
  const lines = (await readFile('/etc/passwd', 'utf8').catch(() => '')).split('\n').map((line) => line.split(':'));
  for (const name of ['postgres', 'nobody']) {
    const [, , uid, gid] = lines.find((fields) => fields[0] === name) ?? [];
    // macOS writes nobody as -2, which stands for the unsigned number.
    if (uid && gid) return { uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 };
  }
  return undefined;
}

function canUse(account: Account, { program, folder }: { program: string; folder: string }): boolean {
  const options = { ...account, cwd: '/', stdio: 'ignore' } as const;
  return (
    spawnSync(program, ['--version'], options).status === 0 && spawnSync('test', ['-x', folder], options).status === 0
  );
}

function namespaceWorks(): boolean {
  const [command, ...args] = USER_NAMESPACE;
  return spawnSync(command, [...args, 'true'], { stdio: 'ignore' }).status === 0;
}
