import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../../../../..', import.meta.url));
const BUNDLES = ['apps/ingress', 'apps/worker', 'infra/local'];
const run = promisify(execFile);

/** From before the first release: database version 6, whose request log the migration after it packs. */
const BEFORE_RELEASES = 'a63d388c4f29a3ea754a72ec7c8380b414d57c19';

/** What an upgrade starts from, oldest first: the releases, or one commit while there are none. Empty without their history. */
export function listReleases(): string[] {
  const tags = git('tag', '--list', 'v*', '--sort=v:refname').split('\n').filter(Boolean);
  return (tags.length > 0 ? tags : [BEFORE_RELEASES]).filter((revision) =>
    git('rev-parse', '-q', '--verify', `${revision}^{commit}`),
  );
}

/** Its output; '' when it fails, as where there is no repository. */
function git(...args: string[]): string {
  try {
    return execFileSync('git', args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'ignore'] })
      .toString()
      .trim();
  } catch {
    return '';
  }
}

/**
 * Builds the programs of an earlier revision, with the packages of this one, and returns the folder to launch them from. Built once: a
 * revision does not change.
 */
export async function buildRelease(revision: string): Promise<string> {
  const commit = git('rev-parse', `${revision}^{commit}`);
  const folder = join(ROOT, 'dist/releases', commit);
  if (existsSync(folder)) return folder;
  await mkdir(dirname(folder), { recursive: true });
  const workshop = await mkdtemp(`${folder}-`);
  try {
    await run('sh', ['-c', 'git archive "$1" | tar -x -C "$2"', 'sh', commit, workshop], { cwd: ROOT });
    await symlink(join(ROOT, 'node_modules'), join(workshop, 'node_modules'));
    for (const bundle of BUNDLES) {
      const config = join(workshop, 'infra/build/rolldown.config.js');
      await run(join(ROOT, 'node_modules/.bin/rolldown'), ['-c', config], {
        cwd: workshop,
        env: { ...process.env, BUNDLE: bundle },
      });
    }
    // No page is looked at, but a build without any is made anew.
    await symlink(join(ROOT, 'dist/apps/portal'), join(workshop, 'dist/apps/portal'));
    await rename(workshop, folder);
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
  return folder;
}
