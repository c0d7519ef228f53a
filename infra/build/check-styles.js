import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** @typedef {{ line: number, message: string }} Violation */

/** What names a side of the screen, and what names the same side of the text, which changes with the direction of writing. */
const PHYSICAL = [
  [/(?<![\w-])(left|right)\s*:/, 'inset-inline-start or inset-inline-end'],
  [/(?<![\w-])((?:scroll-)?(?:margin|padding)-(?:left|right))\s*:/, 'the property with -inline-start or -inline-end'],
  [/(?<![\w-])(border-(?:left|right)(?:-\w+)?)\s*:/, 'border-inline-start or border-inline-end'],
  [/(?<![\w-])(border-(?:top|bottom)-(?:left|right)-radius)\s*:/, 'border-start-start-radius and the like'],
  [/\b(translateX)\(/, 'a distance for each direction, by :dir(rtl)'],
  [/(?<![\w-])((?:text-align|float|clear)\s*:\s*(?:left|right))/, 'start, end, inline-start or inline-end'],
];

/** Four values whose second (right) and fourth (left) differ; what is within brackets is one value. */
const FOUR_SIDES = /(?<![\w-])((?:scroll-)?(?:margin|padding)|inset|border-width)\s*:\s*([^;]+);/g;

/**
 * Checks a style sheet for what would stand on the wrong side where one writes from right to left. A line that means the side of the screen says so: the
 * line before it is a comment that begins with `physical:`.
 * @param {string} css
 * @returns {Violation[]}
 */
export function checkStyles(css) {
  const lines = css.split('\n');
  return lines.flatMap((content, index) => {
    if (lines[index - 1]?.trim().startsWith('/* physical:')) return [];
    const code = content.replaceAll(/\/\*.*?\*\//g, '');
    const violations = PHYSICAL.flatMap(([pattern, instead]) => {
      const [, name] = pattern.exec(code) ?? [];
      return name === undefined
        ? []
        : [{ line: index + 1, message: `"${name}" names a side of the screen: use ${instead}` }];
    });
    for (const [, name, value] of code.matchAll(FOUR_SIDES)) {
      const [, right, , left] = splitValues(value);
      if (left !== undefined && left !== right)
        violations.push({
          line: index + 1,
          message: `"${name}" with four values names sides of the screen: use ${name}-block and ${name}-inline`,
        });
    }
    return violations;
  });
}

function splitValues(text) {
  let plain = text;
  while (/\([^()]*\)/.test(plain))
    plain = plain.replaceAll(/\(([^()]*)\)/g, (_, inner) => `<${inner.replaceAll(/\s/g, '_')}>`);
  return plain.trim().split(/\s+/);
}

function listSheets(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return listSheets(path);
    return path.endsWith('.css') ? [path] : [];
  });
}

/** Prints one line per violation and answers the exit code. */
function main() {
  const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
  const sheets = listSheets(join(root, 'apps/portal/src'));
  const violations = sheets.flatMap((path) =>
    checkStyles(readFileSync(path, 'utf8')).map(
      ({ line, message }) => `${path.slice(root.length + 1)}:${line}  ${message}`,
    ),
  );
  for (const violation of violations) console.error(violation);
  if (violations.length === 0) console.log(`styles: ${sheets.length} style sheets hold in both directions of writing`);
  return violations.length === 0 ? 0 : 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = main();
