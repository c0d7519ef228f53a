import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findCycles } from './find-cycles.js';
import { readWorkspace } from './read-workspace.js';

/**
 * @typedef {import('./read-workspace.js').SourceFile} SourceFile
 * @typedef {import('./read-workspace.js').ImportEntry} ImportEntry
 * @typedef {import('./read-workspace.js').Workspace} Workspace
 * @typedef {{ file: string, line: number, rule: string, message: string }} Violation
 */

/** Which layers a layer may import besides its own project. Whatever is not listed is refused. */
export const MAY_IMPORT = {
  app: ['use-case', 'store', 'database', 'adapter', 'domain', 'platform'],
  'use-case': ['store', 'database', 'domain', 'platform'],
  store: ['database', 'domain', 'platform'],
  database: ['domain', 'platform'],
  adapter: ['domain', 'platform'],
  domain: ['domain', 'platform'],
  platform: [],
  contract: [],
  browser: ['sdk'],
  sdk: [],
  client: [],
  tool: ['use-case', 'store', 'database', 'adapter', 'domain', 'platform', 'sdk', 'client', 'tool'],
  test: ['use-case', 'store', 'database', 'adapter', 'domain', 'platform', 'sdk', 'client', 'tool', 'test'],
};

/** The layer that every project may import: what the interface says, which holds on both of its sides. */
const FOR_EVERYBODY = 'contract';

/** What a test file may import besides what its project may. */
const TESTS_ALSO = ['test', 'client', 'store', 'use-case'];

/** Packages with one door: package name -> the libs (by project folder, the door first) that may import it. Test layers and test files are exempt. */
const ONLY_IMPORTER = [
  {
    packages: /^(typeorm|pg|pg-copy-streams|@nestjs\/typeorm)$/,
    folders: ['libs/database', 'libs/scim-store', 'libs/pipeline-store', 'libs/management'],
  },
  { packages: /^(bullmq|ioredis|@nestjs\/bullmq)$/, folders: ['libs/queue'] },
  { packages: /^undici$/, folders: ['libs/egress'] },
  { packages: /^nodemailer$/, folders: ['apps/worker'] },
];

/**
 * The administration commands open the database themselves, before any application runs; the benchmark serves other systems,
 * which bring what they need; who starts a PostgreSQL makes its roles and databases.
 */
const ONLY_IMPORTER_EXEMPT = [
  { folder: 'infra/local', packages: /^pg$/ },
  { folder: 'libs/embedded-postgres', packages: /^pg$/ },
  { folder: 'infra/bench', packages: /^pg$/ },
];

/** Functions of libs/database that run a statement: for the stores and the use cases, which see to the tenant and the caller. */
const STATEMENT_FUNCTIONS = new Set(['callFunction', 'callForRow', 'runStatement', 'tenantTransaction']);

/** Node.js modules that compute and touch nothing. */
const PURE_NODE_MODULES = new Set(['buffer', 'crypto', 'path', 'url', 'util', 'zlib']);

/** Layers that stand alone: their code needs no package at run time. */
const WITHOUT_PACKAGES = new Set(['domain', 'sdk', 'client']);

/**
 * Checks the imports of a workspace against the layers of its project files.
 * @param {string} root the workspace folder
 * @returns {Violation[]} empty when every import is allowed
 */
export function checkBoundaries(root) {
  const workspace = readWorkspace(root);
  const violations = workspace.projects.flatMap(checkTag);
  for (const file of workspace.files.values()) {
    for (const entry of file.imports) {
      for (const rule of RULES) {
        const message = rule.check(file, entry, workspace);
        if (message) violations.push({ file: file.path, line: entry.line, rule: rule.name, message });
      }
    }
  }
  return [...violations, ...checkCycles(workspace)];
}

/** @returns {Violation[]} */
function checkTag(project) {
  if (project.layer !== null && project.layer in MAY_IMPORT) return [];
  const message = `the project has no known layer: add one of ${Object.keys(MAY_IMPORT)
    .map((layer) => `"layer:${layer}"`)
    .join(', ')} to "tags"`;
  return [{ file: `${project.root}/project.json`, line: 1, rule: 'layer-tag', message }];
}

/** Each rule looks at one import and answers what is wrong and what to do, or null. */
const RULES = [
  { name: 'layer', check: checkLayer },
  { name: 'deep-import', check: checkDeepImport },
  { name: 'leaves-project', check: checkLeavesProject },
  { name: 'only-importer', check: checkOnlyImporter },
  { name: 'statements', check: checkStatements },
  { name: 'alone', check: checkAlone },
  { name: 'without-packages', check: checkWithoutPackages },
  { name: 'pure-domain', check: checkPureDomain },
  { name: 'browser', check: checkBrowser },
  { name: 'portal-features', check: checkPortalFeatures },
];

function checkLayer(file, entry, workspace) {
  if (entry.kind !== 'lib') return null;
  const target = workspace.projects.find((project) => project.root === `libs/${entry.packageName}`);
  if (!target)
    return `@rollcall/${entry.packageName} is no library of this workspace: create libs/${entry.packageName} or import another`;
  if (target === file.project) return file.isTest ? null : 'imports its own library by name: use a relative path';
  const allowed = [FOR_EVERYBODY, ...(MAY_IMPORT[file.project.layer] ?? []), ...(file.isTest ? TESTS_ALSO : [])];
  if (allowed.includes(target.layer)) return null;
  return `${file.project.root} (layer ${file.project.layer}) may import only the layers ${allowed.join(', ')}, not @rollcall/${target.name} (layer ${target.layer}): take what it needs as a parameter, or move the shared part down a layer`;
}

/** What libraries offer besides their index, as the package that is published does. */
const FURTHER_ENTRIES = /^@rollcall\/sdk\/(drizzle|pg|prisma|sqlite|testing)$/;

function checkDeepImport(_file, entry) {
  if (entry.kind !== 'lib' || entry.specifier.split('/').length === 2) return null;
  if (FURTHER_ENTRIES.test(entry.specifier)) return null;
  return `reaches past the index of @rollcall/${entry.packageName}: export the name from libs/${entry.packageName}/src/index.ts and import it from there`;
}

function checkLeavesProject(file, entry, workspace) {
  if (entry.kind !== 'file' || !entry.target || entry.target.startsWith(`${file.project.root}/`)) return null;
  const target = workspace.files.get(entry.target);
  // A test may build on what another project's tests use.
  if (file.isTest && target?.isTest) return null;
  // What builds an application may be in parts the same for all that build it.
  if (file.path.endsWith('.config.ts') && target?.project.root === 'infra/build') return null;
  const outside = ['tool', 'test'];
  // What lies under libs/ is below all others, the test harness too; who bundles a program does it as the build does.
  const isLib = file.project.root.startsWith('libs/');
  const mayReach = outside.includes(target?.project.layer) && (!isLib || target?.project.root === 'infra/build');
  if (outside.includes(file.project.layer) && (!target || mayReach)) return null;
  return `a relative path leaves ${file.project.root}: import a library by its @rollcall/ name; applications share code only through libraries`;
}

function checkOnlyImporter(file, entry) {
  if (entry.kind !== 'package' || file.isTest || file.project.layer === 'test') return null;
  const door = ONLY_IMPORTER.find(({ packages }) => packages.test(entry.packageName));
  if (!door || door.folders.includes(file.project.root)) return null;
  if (
    ONLY_IMPORTER_EXEMPT.some(
      ({ folder, packages }) => folder === file.project.root && packages.test(entry.packageName),
    )
  )
    return null;
  return `only ${door.folders.join(', ')} may import ${entry.packageName}: put the code there and export what this file needs`;
}

function checkStatements(file, entry) {
  if (file.project.layer !== 'app' || file.isTest || entry.packageName !== 'database' || entry.kind !== 'lib')
    return null;
  const taken = (entry.names ?? []).filter((name) => STATEMENT_FUNCTIONS.has(name));
  if (taken.length === 0 || entry.typeOnly) return null;
  return `an application asks PostgreSQL through a store or a use case, which check the tenant and the caller, not by ${taken.join(', ')}: put the statement there`;
}

function checkAlone(file, entry) {
  const { root, layer } = file.project;
  if ((root !== 'libs/scim' && layer !== 'contract') || file.isTest || entry.kind === 'file') return null;
  return `${root} imports nothing at all, not even ${entry.specifier}: take the value as a parameter`;
}

function checkWithoutPackages(file, entry) {
  if (entry.kind !== 'package' || file.isTest || !WITHOUT_PACKAGES.has(file.project.layer)) return null;
  return `layer ${file.project.layer} imports no package, so not ${entry.packageName}: write the few lines, or move the code that needs it to an adapter or an application`;
}

function checkPureDomain(file, entry, workspace) {
  if (file.project.layer !== 'domain' || file.isTest) return null;
  if (entry.kind === 'node' && !PURE_NODE_MODULES.has(entry.packageName)) {
    return `the domain is pure, ${entry.specifier} is not (allowed: ${[...PURE_NODE_MODULES].map((name) => `node:${name}`).join(', ')}): take the effect's result as a parameter`;
  }
  if (entry.kind !== 'lib' || entry.packageName !== 'platform' || entry.typeOnly || !entry.target) return null;
  const impure = (entry.names ?? ['*']).filter((name) => !isPure(name, entry.target, workspace));
  if (impure.length === 0) return null;
  return `the domain may use only the pure parts of @rollcall/platform, and ${impure.join(', ')} is not one: take its result as a parameter`;
}

/** A name is pure when the file that declares it, with all it imports, needs no package and no Node.js module that acts. */
function isPure(name, index, workspace) {
  const declaring = name === '*' ? index : findDeclaring(name, index, workspace);
  const seen = new Set();
  const queue = [declaring];
  for (const path of queue) {
    if (!path || seen.has(path)) continue;
    seen.add(path);
    for (const entry of workspace.files.get(path)?.imports ?? []) {
      if (entry.typeOnly) continue;
      if (entry.kind === 'package' || (entry.kind === 'node' && !PURE_NODE_MODULES.has(entry.packageName)))
        return false;
      queue.push(entry.target);
    }
  }
  return true;
}

function findDeclaring(name, path, workspace) {
  const file = workspace.files.get(path);
  if (!file || file.declared.has(name)) return path;
  const named = file.reExports.find(({ names }) => names?.includes(name));
  if (named) return named.target;
  const stars = file.reExports
    .filter(({ names, target }) => names === null && target)
    .map(({ target }) => findDeclaring(name, target, workspace));
  return stars.find((found) => workspace.files.get(found)?.declared.has(name)) ?? path;
}

function checkBrowser(file, entry) {
  if (file.project.layer !== 'browser' || file.isTest || entry.kind !== 'node' || !file.path.includes('/src/'))
    return null;
  return `${entry.specifier} does not exist in a browser: use the web platform's own API`;
}

function checkPortalFeatures(file, entry) {
  if (entry.kind !== 'file' || !entry.target || file.isTest) return null;
  const from = readPortalPlace(file.path);
  const to = readPortalPlace(entry.target);
  if (!from || !to) return null;
  if (APPLICATIONS.has(from.part)) {
    if (!APPLICATIONS.has(to.part) || from.part === to.part) return null;
    return `${from.part} does not import ${to.part}: they are two applications; move the common part to shared`;
  }
  if (from.part === 'shared' && to.part !== 'shared')
    return `shared imports nothing of ${to.part}: move the shared piece to shared, or pass it in`;
  if (from.part === 'features' && APPLICATIONS.has(to.part))
    return `a feature does not import ${to.part}: pass what it needs as a prop, or move it to shared`;
  if (from.part === 'features' && to.part === 'features' && from.feature !== to.feature) {
    return `feature ${from.feature} does not import feature ${to.feature}: move the common part to shared, or join the two in app or dashboard`;
  }
  return null;
}

/** The portal's pages and the owner's, each joined of features. */
const APPLICATIONS = new Set(['app', 'dashboard']);

function readPortalPlace(path) {
  const match = /^apps\/portal\/src\/(app|dashboard|features|shared)\/(?:([^/]+)\/)?/.exec(path);
  return match ? { part: match[1], feature: match[2] ?? '' } : null;
}

/** @param {Workspace} workspace @returns {Violation[]} */
function checkCycles(workspace) {
  const graph = new Map();
  for (const file of workspace.files.values()) {
    graph.set(
      file.path,
      new Set(file.imports.map((entry) => entry.target).filter((target) => target && workspace.files.has(target))),
    );
  }
  return findCycles(graph).map((cycle) => {
    const line = workspace.files.get(cycle[0]).imports.find((entry) => entry.target === (cycle[1] ?? cycle[0])).line;
    const message = `the files import each other: ${[...cycle, cycle[0]].join(' -> ')}: move what they share to a file of its own`;
    return { file: cycle[0], line, rule: 'import-cycle', message };
  });
}

/** Prints one line per violation and answers the exit code. */
function main() {
  const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
  const violations = checkBoundaries(root);
  for (const { file, line, rule, message } of violations) console.error(`${file}:${line}  ${rule}  ${message}`);
  console.log(
    violations.length === 0
      ? 'boundaries: every import is allowed'
      : `boundaries: ${violations.length} imports are not allowed`,
  );
  return violations.length === 0 ? 0 : 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = main();
