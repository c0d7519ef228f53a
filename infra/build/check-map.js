import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * @typedef {{ page: string, line: number, reference: string, message: string }} BrokenReference
 */

/**
 * Checks that what the pages of a repository name is there: `` `path` `` and `` `path:name` `` in code, links to files,
 * and `npm run` commands. A path starts at the repository's root, or with `src/` beside the page. The name is one that the file declares, or, when it is
 * no identifier, text that the file holds (the title of a test).
 * @param {string} root the repository's folder
 * @returns {BrokenReference[]} empty when every reference leads somewhere
 */
export function checkMap(root) {
  return listPages(root).flatMap((page) =>
    readReferences(readFileSync(join(root, page), 'utf8')).flatMap(({ line, reference, check }) => {
      const message = check(root, page, reference);
      return message === null ? [] : [{ page, line, reference, message }];
    }),
  );
}

/**
 * The pages that describe the code: those of the whole repository and one in each project. Reports, as those of the benchmark,
 * describe what was and are left out.
 * @param {string} root the repository's folder
 * @returns {string[]} paths from the root
 */
function listPages(root) {
  const general = listFolder(root, '.github').filter((path) => path.endsWith('.md'));
  const projects = ['apps', 'libs', 'infra'].flatMap((folder) => listFolder(root, folder));
  return ['README.md', ...general, ...projects.map((folder) => `${folder}/README.md`)].filter((page) =>
    existsSync(join(root, page)),
  );
}

function listFolder(root, folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder)).map((name) => `${folder}/${name}`);
}

/** What may be a path in code: it starts in one of the repository's folders, and stands for itself alone. */
const CODE_PATH = /^((?:apps|libs|infra|\.github|\.ci|src)\/[^\s:*<>{}…]+)(?::(.+))?$/;

function readReferences(text) {
  const references = [];
  let isFenced = false;
  for (const [index, content] of text.split('\n').entries()) {
    const line = index + 1;
    for (const [reference] of content.matchAll(/\bnpm run [\w:-]+/g))
      references.push({ line, reference, check: checkCommand });
    if (content.trimStart().startsWith('```')) isFenced = !isFenced;
    if (isFenced) continue;
    for (const [, code] of content.matchAll(/`([^`]+)`/g)) {
      if (CODE_PATH.test(code)) references.push({ line, reference: code, check: checkCode });
    }
    for (const [, target] of content.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (!/^[a-z]+:/.test(target)) references.push({ line, reference: target, check: checkLink });
    }
  }
  return references;
}

function checkCommand(root, _page, reference) {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return reference.slice('npm run '.length) in scripts ? null : 'package.json has no such script';
}

function checkCode(root, page, reference) {
  const [, path, name] = CODE_PATH.exec(reference);
  const file = join(root, path.startsWith('src/') ? dirname(page) : '', path);
  if (!existsSync(file)) return `there is no ${path}: name the file that does this now`;
  if (name === undefined) return null;
  const text = readFileSync(file, 'utf8');
  if (/^[\w$]+$/.test(name) ? declares(text, name) : text.includes(name)) return null;
  return `${path} has no ${name}: name what does this now`;
}

/** Whether source text declares a name: a statement, a method, or an SQL function. */
function declares(text, name) {
  const escaped = name.replaceAll('$', '\\$');
  const statement = `\\b(?:function\\*?|const|let|class|interface|type|FUNCTION)\\s+${escaped}\\b`;
  const member = `^\\s+(?:(?:private|public|static|readonly|async|get)\\s+)*${escaped}\\s*[(<:=?]`;
  return new RegExp(`${statement}|${member}`, 'm').test(text);
}

function checkLink(root, page, target) {
  const [path, anchor] = target.split('#');
  const file = path === '' ? page : normalize(join(dirname(page), path));
  if (!existsSync(join(root, file))) return `there is no ${file}`;
  if (anchor === undefined || !file.endsWith('.md')) return null;
  const headings = readFileSync(join(root, file), 'utf8').matchAll(/^#+ (.+)$/gm);
  return [...headings].some(([, heading]) => anchorOf(heading) === anchor) ? null : `${file} has no heading #${anchor}`;
}

/** As GitHub makes it. */
function anchorOf(heading) {
  return heading
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');
}

/** Prints one line per broken reference and answers the exit code. */
function main() {
  const broken = checkMap(join(dirname(fileURLToPath(import.meta.url)), '../..'));
  for (const { page, line, reference, message } of broken) console.error(`${page}:${line}  ${reference}  ${message}`);
  return broken.length === 0 ? 0 : 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = main();
