import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { sqlFunctions } from '../../../infra/build/sql-functions';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

export interface BundledProgram {
  /** Run it with `node`. */
  readonly path: string;
  remove(): Promise<void>;
}

/**
 * Makes a program of TypeScript text, for tests that need a process of their own to kill or to run as somebody else.
 * It imports libraries by their names and files by a path from the top of the workspace, such as
 * `/libs/embedded-postgres/src/find-free-port`.
 */
export async function bundleProgram(text: string): Promise<BundledProgram> {
  // Below node_modules, so that it finds the packages and no tool looks at it.
  const folder = join(ROOT, 'node_modules/.cache/rollcall-test', randomBytes(8).toString('hex'));
  const path = join(folder, 'program.mjs');
  const entry = join(ROOT, 'program.ts');
  const bundle = await rolldown({
    input: entry,
    platform: 'node',
    tsconfig: join(ROOT, 'tsconfig.base.json'),
    external: (id) => !/^([./\0]|@rollcall\/|@oxc-project\/|virtual:)/.test(id),
    plugins: [
      sqlFunctions(),
      {
        name: 'program-from-text',
        resolveId: (id) => (id === entry ? id : null),
        load: (id) => (id === entry ? text.replaceAll(/from '\/(.*?)'/g, `from '${ROOT}$1'`) : null),
      },
    ],
  });
  await bundle.write({ file: path, format: 'esm' });
  await bundle.close();
  return { path, remove: () => rm(folder, { recursive: true, force: true }) };
}
