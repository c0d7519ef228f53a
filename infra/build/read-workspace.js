import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';

/**
 * @typedef {{ specifier: string, line: number, typeOnly: boolean, names: string[] | null, kind: 'file' | 'lib' | 'package' | 'node',
 *   packageName?: string, target?: string }} ImportEntry  `names` is null when the whole module is taken (namespace, side effect, dynamic)
 * @typedef {{ names: string[] | null, target?: string }} ReExport  `names` is null for `export *`
 * @typedef {{ path: string, project: Project, isTest: boolean, imports: ImportEntry[], reExports: ReExport[], declared: Set<string> }} SourceFile
 * @typedef {{ name: string, root: string, layer: string | null }} Project
 * @typedef {{ root: string, projects: Project[], files: Map<string, SourceFile> }} Workspace
 */

const SOURCE = /\.(ts|tsx|mts|js|jsx|mjs)$/;
/** Tests, what only tests use, and examples: code of our users, which tests run. */
const TEST = /\.(test|test-support)\.(ts|tsx)$|\/src\/testing\/|^libs\/[^/]+\/examples\//;
const SKIPPED_FOLDERS = new Set(['node_modules', 'dist', 'traffic', 'results']);

/**
 * Reads every project of `apps`, `libs` and `infra` with its layer tag, and the imports of every source file.
 * @param {string} root the workspace folder
 * @returns {Workspace} paths in it are relative to `root`, with forward slashes
 */
export function readWorkspace(root) {
  const projects = ['apps', 'libs', 'infra'].flatMap((kind) =>
    listFolders(join(root, kind)).map((name) => readProject(root, `${kind}/${name}`)),
  );
  const files = new Map();
  for (const project of projects) {
    for (const path of listSources(root, project.root)) files.set(path, readSource(root, path, project));
  }
  return { root, projects, files };
}

/** @param {string} folder @returns {string[]} */
function listFolders(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .toSorted();
}

/** A folder of `infra` without a project file holds tools; elsewhere the layer must be said. @returns {Project} */
function readProject(root, folder) {
  const name = folder.slice(folder.indexOf('/') + 1);
  const file = join(root, folder, 'project.json');
  if (!existsSync(file)) return { name, root: folder, layer: folder.startsWith('infra/') ? 'tool' : null };
  const tag = (JSON.parse(readFileSync(file, 'utf8')).tags ?? []).find((text) => text.startsWith('layer:'));
  return { name, root: folder, layer: tag ? tag.slice('layer:'.length) : null };
}

/** @returns {string[]} */
function listSources(root, folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) {
      const skipped = SKIPPED_FOLDERS.has(entry.name) || entry.name.startsWith('.');
      return skipped ? [] : listSources(root, `${folder}/${entry.name}`);
    }
    return SOURCE.test(entry.name) && !entry.name.endsWith('.d.ts') ? [`${folder}/${entry.name}`] : [];
  });
}

/** @returns {SourceFile} */
function readSource(root, path, project) {
  const text = readFileSync(join(root, path), 'utf8');
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, false);
  /** @type {SourceFile} */
  const file = { path, project, isTest: TEST.test(path), imports: [], reExports: [], declared: new Set() };
  const add = (literal, typeOnly, names) => {
    const line = tree.getLineAndCharacterOfPosition(literal.getStart(tree)).line + 1;
    const entry = { specifier: literal.text, line, typeOnly, names, ...resolveSpecifier(root, path, literal.text) };
    file.imports.push(entry);
    return entry;
  };
  collectDeclared(tree, file.declared);
  visit(tree, (node) => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, ...readClause(node.importClause));
    else if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
      const names =
        node.exportClause && ts.isNamedExports(node.exportClause)
          ? node.exportClause.elements.map((element) => element.name.text)
          : null;
      file.reExports.push({ names, target: add(node.moduleSpecifier, node.isTypeOnly, names).target });
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, true, null);
    else if (ts.isExternalModuleReference(node)) add(node.expression, false, null);
    else if (isModuleCall(node)) add(node.arguments[0], false, null);
  });
  return file;
}

function visit(node, look) {
  look(node);
  ts.forEachChild(node, (child) => visit(child, look));
}

/** `import('x')` and `require('x')`. */
function isModuleCall(node) {
  if (!ts.isCallExpression(node) || !node.arguments[0] || !ts.isStringLiteralLike(node.arguments[0])) return false;
  return (
    node.expression.kind === ts.SyntaxKind.ImportKeyword ||
    (ts.isIdentifier(node.expression) && node.expression.text === 'require')
  );
}

/** @returns {[boolean, string[] | null]} whether only types are taken, and which names */
function readClause(clause) {
  if (!clause) return [false, null];
  const named = clause.namedBindings && ts.isNamedImports(clause.namedBindings) ? clause.namedBindings.elements : null;
  const allTypes = !clause.name && named !== null && named.length > 0 && named.every((element) => element.isTypeOnly);
  const names =
    named && !clause.name
      ? named.filter((element) => !element.isTypeOnly).map((element) => (element.propertyName ?? element.name).text)
      : null;
  return [clause.isTypeOnly || allTypes, names];
}

/** Names that a file itself exports, so that an `export *` can be followed to the file that declares a name. */
function collectDeclared(tree, declared) {
  for (const statement of tree.statements) {
    const exported =
      ts.canHaveModifiers(statement) &&
      ts.getModifiers(statement)?.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword);
    if (exported && ts.isVariableStatement(statement)) {
      for (const declaration of statement.declarationList.declarations)
        if (ts.isIdentifier(declaration.name)) declared.add(declaration.name.text);
    } else if (exported && statement.name) declared.add(statement.name.text);
    else if (
      ts.isExportDeclaration(statement) &&
      !statement.moduleSpecifier &&
      ts.isNamedExports(statement.exportClause)
    ) {
      for (const element of statement.exportClause.elements) declared.add(element.name.text);
    }
  }
}

function resolveSpecifier(root, from, specifier) {
  if (specifier.startsWith('.'))
    return { kind: 'file', target: resolveFile(root, relative(root, join(root, dirname(from), specifier))) };
  if (specifier.startsWith('@rollcall/')) {
    const lib = specifier.split('/')[1];
    return { kind: 'lib', packageName: lib, target: resolveFile(root, `libs/${lib}/src/index`) };
  }
  if (isBuiltin(specifier)) return { kind: 'node', packageName: specifier.replace(/^node:/, '') };
  const parts = specifier.split('/');
  return { kind: 'package', packageName: specifier.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0] };
}

/** @returns {string | undefined} */
function resolveFile(root, path) {
  const candidates = [
    path,
    ...['.ts', '.tsx', '.js', '.mjs'].map((ending) => path + ending),
    `${path}/index.ts`,
    `${path}/index.tsx`,
  ];
  return candidates.find((candidate) => existsSync(join(root, candidate)) && statSync(join(root, candidate)).isFile());
}
