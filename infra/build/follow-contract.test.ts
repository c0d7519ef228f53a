import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const TSC = join(ROOT, 'node_modules/typescript-7/bin/tsc');

/** A change of one file of the contract: what is replaced by what. */
type Edit = [file: string, before: string | RegExp, after: string];

it('names every place that has to follow a new user field, event type, provider or error', async () => {
  const errors = await compileAgainst([
    ['user-data.ts', '  title: text,', '  title: text,\n  pronouns: text,'],
    ['event-types.ts', 'const CATALOGUE = {', "const CATALOGUE = {\n  'organization.moved': 'Directory',"],
    ['providers.ts', '  { id: ', "  { id: 'ACME', name: 'Acme' },\n  { id: "],
    ['error-codes.ts', "  'too_many_hand_overs',", "  'too_many_hand_overs',\n  'too_many_moons',"],
    ['delivery-errors.ts', "  'dns',", "  'dns',\n  'eclipse',"],
  ]);
  expect
    .soft(placesNaming('pronouns', errors))
    .toEqual([
      'apps/ingress/src/management/people/people.dto.ts',
      'apps/ingress/src/workos/people.controller.ts',
      'apps/portal/src/features/explain/describe-explanation.ts',
      'apps/portal/src/features/users/describe-user.ts',
      'libs/events/src/explain-user.ts',
      'libs/events/src/normalize-user.ts',
      'libs/events/src/sample-event.ts',
    ]);
  expect.soft(placesNaming('organization.moved', errors)).toEqual([
    'apps/ingress/src/openapi/event-webhooks.ts',
    // What these three send has the SDK's types, which are generated from what the contract says.
    'apps/portal/src/features/webhooks/endpoint-dialogs.tsx',
    'apps/portal/src/features/webhooks/replay-dialog.tsx',
    'apps/portal/src/features/webhooks/test-event-dialog.tsx',
    'contract/event-data.ts',
    'libs/events/src/sample-event.ts',
  ]);
  expect
    .soft(placesNaming('ACME', errors))
    .toEqual([
      'apps/docs/src/navigation.ts',
      'apps/portal/src/features/setup-guide/guides/load-guide.ts',
      'apps/portal/src/shared/providers/provider-catalogue.tsx',
      'libs/directory/src/silence-limit.ts',
      'libs/webhooks/src/dialects/workos-objects.ts',
    ]);
  expect
    .soft(placesNaming('too_many_moons', errors))
    .toEqual(['apps/docs/src/errors/api-errors.ts', 'apps/portal/src/shared/api/describe-error.ts']);
  expect
    .soft(placesNaming('eclipse', errors))
    .toEqual([
      'apps/portal/src/features/requests/describe-request.ts',
      'apps/portal/src/shared/format/delivery-state.ts',
    ]);
});

it('names every place that still has a user field, an event type, a provider or an error code that is gone', async () => {
  const errors = await compileAgainst([
    ['user-data.ts', '  cost_center: text,\n', ''],
    ['event-types.ts', /  'organization\.directory\.group_members_changed'.*\n/, ''],
    ['providers.ts', /  \{ id: 'RIPPLING'.*\n/, ''],
    ['error-codes.ts', "  'external_id_taken',\n", ''],
    ['error-codes.ts', "  'replay_not_found',\n", ''],
  ]);
  expect
    .soft(placesNaming('cost_center', errors))
    .toEqual([
      'apps/ingress/src/management/deprovisioning/render-deprovisioning.ts',
      'apps/ingress/src/management/people/render-people.ts',
      'apps/portal/src/features/explain/describe-explanation.ts',
      'apps/portal/src/features/users/describe-user.ts',
      'libs/events/src/explain-user.ts',
      'libs/events/src/normalize-user.ts',
      'libs/events/src/sample-event.ts',
      'libs/webhooks/src/dialects/workos-objects.ts',
    ]);
  expect
    .soft(placesNaming('organization.directory.group_members_changed', errors))
    .toEqual([
      'apps/ingress/src/openapi/event-webhooks.ts',
      'apps/ingress/src/workos/workos-events.ts',
      'apps/portal/src/features/requests/describe-request.ts',
      'libs/events/src/normalize-changes.ts',
      'libs/pipeline-store/src/drain/find-firsts.ts',
      'libs/sdk/src/events/rollcall-event.ts',
      'libs/sdk/src/sync/fold-events.ts',
      'libs/sdk/src/test-kit/test-directory.ts',
      'libs/webhooks/src/dialects/workos.ts',
    ]);
  expect
    .soft(placesNaming('RIPPLING', errors))
    .toEqual([
      'apps/docs/src/navigation.ts',
      'apps/portal/src/features/setup-guide/guides/load-guide.ts',
      'apps/portal/src/shared/providers/provider-catalogue.tsx',
      'libs/directory/src/silence-limit.ts',
      'libs/webhooks/src/dialects/workos-objects.ts',
    ]);
  expect
    .soft(placesNaming('external_id_taken', errors))
    .toEqual([
      'apps/docs/src/errors/api-errors.ts',
      'apps/ingress/src/http/advise-on.ts',
      'apps/portal/src/shared/api/describe-error.ts',
      'libs/management/src/imports/keep-access.ts',
      'libs/management/src/organizations/create-organization.ts',
    ]);
  expect
    .soft(placesNaming('replay', errors))
    .toEqual([
      'apps/ingress/src/management/replays/replays.controller.ts',
      'libs/management/src/replays/list-replays.ts',
    ]);
});

it('lists no error code that nothing throws', () => {
  const libs = readdirSync(join(ROOT, 'libs')).map((name) => `libs/${name}`);
  const files = ['apps/ingress', 'apps/worker', ...libs].flatMap((project) =>
    readdirSync(join(ROOT, project, 'src'), { recursive: true, encoding: 'utf8' }).map(
      (file) => `${project}/src/${file}`,
    ),
  );
  const throwing = files.filter(
    (file) => /(?<!\.test|advise-on)\.ts$/.test(file) && !/^libs\/(contract|sdk)\//.test(file),
  );
  const source = throwing.map((file) => readFileSync(join(ROOT, file), 'utf8')).join('\n');
  const list = readFileSync(join(ROOT, 'libs/contract/src/error-codes.ts'), 'utf8');
  const codes = [...list.matchAll(/^ +(?:\| )?'([a-z_]+)'[,;]?$/gm)].map(([, code = '']) => code);
  expect(codes).toEqual(expect.arrayContaining(['directory_not_found', 'link_used', 'unsealable']));
  const unused = codes.filter((code) => {
    const thing = /^(.+)_not_found$/.exec(code)?.[1];
    return !(thing ? new RegExp(`(notFound\\(|IdPipe\\('\\w+', )'${thing}'`) : new RegExp(`'${code}'`)).test(source);
  });
  expect(unused).toEqual([]);
});

/**
 * Compiles what runs, of the server and of the portal, against a changed copy of the contract.
 * @returns the compiler's errors by file, relative to the workspace or to the folder of the copy
 */
async function compileAgainst(edits: Edit[]): Promise<{ file: string; text: string }[]> {
  const folder = makeFolder();
  cpSync(join(ROOT, 'libs/contract/src'), join(folder, 'contract'), { recursive: true });
  for (const [file, before, after] of edits) {
    const path = join(folder, 'contract', file);
    const text = readFileSync(path, 'utf8');
    expect(text).toMatch(before);
    writeFileSync(path, text.replace(before, after));
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(renderConfig(folder)));
  const output = await runCompiler(folder);
  const prefix = `${folder.slice(ROOT.length)}/`;
  // An error begins with its place; the lines that explain it are indented.
  return output.split(/\n(?! )/).flatMap((text) => {
    const file = /^(.+?)\(\d+,\d+\): error /.exec(text)?.[1];
    return file ? [{ file: file.startsWith(prefix) ? file.slice(prefix.length) : file, text }] : [];
  });
}

/** Within the workspace, where the compiler finds the packages. */
function makeFolder(): string {
  const cache = join(ROOT, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'follow-contract-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

function renderConfig(folder: string): object {
  const base = JSON.parse(readFileSync(join(ROOT, 'tsconfig.base.json'), 'utf8')) as {
    compilerOptions: { paths: Record<string, string[]> };
  };
  const paths = Object.entries(base.compilerOptions.paths).map(([name, [path = '']]) => [name, [join(ROOT, path)]]);
  const inRoot = (patterns: string[]) => patterns.map((pattern) => join(ROOT, pattern));
  return {
    extends: join(ROOT, 'tsconfig.base.json'),
    compilerOptions: {
      lib: ['es2023', 'dom', 'dom.iterable'],
      jsx: 'react-jsx',
      types: ['node', 'vite/client'],
      paths: { ...Object.fromEntries(paths), '@rollcall/contract': [join(folder, 'contract/index.ts')] },
    },
    include: inRoot(['apps/docs/src', 'apps/ingress/src', 'apps/worker/src', 'apps/portal/src', 'libs/*/src']),
    exclude: inRoot([
      'libs/contract',
      'libs/testing',
      '**/testing',
      '**/*.test.ts',
      '**/*.test.tsx',
      '**/*.test-support.ts',
    ]),
  };
}

function runCompiler(folder: string): Promise<string> {
  return new Promise((resolve) => {
    const options = ['-p', folder, '--pretty', 'false'];
    execFile(process.execPath, [TSC, ...options], { cwd: ROOT }, (_error, stdout) => resolve(stdout));
  });
}

/** The files with an error that speaks of an entry, as a key or as a literal type, in the order of their names. */
function placesNaming(entry: string, errors: { file: string; text: string }[]): string[] {
  const naming = errors.filter(({ text }) => text.includes(`'${entry}'`) || text.includes(`'"${entry}"'`));
  return [...new Set(naming.map(({ file }) => file))].toSorted();
}
