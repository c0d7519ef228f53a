import { chown, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StartError } from './start-error';
import type { ServerUser } from './choose-server-user';

export interface ServerSecrets {
  readonly adminPassword: string;
  readonly ownerPassword: string;
  readonly appPassword: string;
  /** The port of the last start: kept while it is free, so that saved connection settings go on working. */
  readonly port?: number;
}

/** The file lies in the cluster, so that passwords and the roles they belong to are always moved and copied together. */
const FILE = 'rollcall-server.json';

/** Reads the generated passwords of the cluster. Throws a StartError when they cannot be read. */
export async function readServerSecrets(clusterDir: string): Promise<ServerSecrets> {
  try {
    return JSON.parse(await readFile(join(clusterDir, FILE), 'utf8')) as ServerSecrets;
  } catch (error) {
    const reason = error instanceof SyntaxError ? 'it is damaged' : (error as NodeJS.ErrnoException).code;
    throw new StartError(
      `The passwords of the embedded database in ${join(clusterDir, FILE)} cannot be read: ${reason}.`,
    );
  }
}

/** Writes the file in one step, readable by its owner alone. */
export async function writeServerSecrets(clusterDir: string, secrets: ServerSecrets, user: ServerUser): Promise<void> {
  const fresh = join(clusterDir, `${FILE}.${process.pid}`);
  await writeFile(fresh, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  if (user.uid !== undefined && user.gid !== undefined) await chown(fresh, user.uid, user.gid);
  await rename(fresh, join(clusterDir, FILE));
}
