import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** @typedef {{ line: number, text: string }} UnmarkedText */

/** What only the dashboard uses, which is in English. */
const DASHBOARD_ONLY = [
  'src/shared/dashboard-api',
  'src/shared/format/delivery-state.ts',
  'src/shared/management-api',
  'src/shared/ui/loaded-popup-menu.tsx',
  'src/shared/ui/popup-menu.tsx',
  'src/shared/ui/shown-once-dialog.tsx',
];

/** Attributes and properties that hold what is read. */
const READ = new Set([
  'advice',
  'alt',
  'aria-description',
  'aria-label',
  'caption',
  'confirmLabel',
  'copyLabel',
  'detail',
  'header',
  'hint',
  'label',
  'lead',
  'legend',
  'placeholder',
  'summary',
  'text',
  'title',
]);

/** Elements whose content is one message, or what is the same in every language: codes, and words of another product's screens. */
const MARKED = new Set(['Trans', 'Code', 'Ui']);

/**
 * Finds texts in TypeScript code that a reader would see and that are no messages: in JSX, and in what is read by name (`title`, `aria-label` and
 * the like). Texts without letters are none.
 * @param {string} path
 * @param {string} code
 * @returns {UnmarkedText[]}
 */
export function findUnmarkedTexts(path, code) {
  const tree = ts.createSourceFile(path, code, ts.ScriptTarget.Latest, true);
  const found = [];
  const add = (node, text) => {
    if (!/\p{L}{2}/u.test(text)) return;
    const line = tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1;
    found.push({ line, text: text.trim().replaceAll(/\s+/g, ' ') });
  };
  const visit = (node, isMessage) => {
    const isWithin = isMessage || isMarkedElement(node, tree);
    if (ts.isJsxText(node) && !isMessage) add(node, node.text);
    if (ts.isJsxExpression(node) && node.expression && !ts.isJsxAttribute(node.parent) && !isMessage)
      addLiterals(node.expression, add);
    if (ts.isJsxAttribute(node) && READ.has(node.name.getText(tree)) && node.initializer) {
      if (ts.isStringLiteral(node.initializer)) add(node, node.initializer.text);
      else if (node.initializer.expression) addLiterals(node.initializer.expression, add);
    }
    if (ts.isPropertyAssignment(node) && READ.has(node.name.getText(tree))) addLiterals(node.initializer, add);
    ts.forEachChild(node, (child) => visit(child, isWithin));
  };
  visit(tree, false);
  return found;
}

/** Whether the content of an element is marked as one message or as foreign to all languages. */
function isMarkedElement(node, tree) {
  return ts.isJsxElement(node) && MARKED.has(node.openingElement.tagName.getText(tree));
}

/** The texts that an expression may be. */
function addLiterals(expression, add) {
  if (ts.isStringLiteral(expression) || ts.isNoSubstitutionTemplateLiteral(expression))
    add(expression, expression.text);
  else if (ts.isTemplateExpression(expression))
    add(
      expression,
      [expression.head, ...expression.templateSpans.map(({ literal }) => literal)].map(({ text }) => text).join(' '),
    );
  else if (ts.isConditionalExpression(expression)) {
    addLiterals(expression.whenTrue, add);
    addLiterals(expression.whenFalse, add);
  } else if (ts.isParenthesizedExpression(expression)) addLiterals(expression.expression, add);
  else if (ts.isBinaryExpression(expression)) {
    const { kind } = expression.operatorToken;
    if (kind === ts.SyntaxKind.PlusToken || kind === ts.SyntaxKind.QuestionQuestionToken)
      addLiterals(expression.left, add);
    if (
      kind === ts.SyntaxKind.PlusToken ||
      kind === ts.SyntaxKind.QuestionQuestionToken ||
      kind === ts.SyntaxKind.AmpersandAmpersandToken
    )
      addLiterals(expression.right, add);
  } else if (ts.isArrowFunction(expression) && !ts.isBlock(expression.body)) addLiterals(expression.body, add);
}

/**
 * The texts of the portal that are no messages though all of their folder should be.
 * @param {string} root the portal's folder
 * @param {string[]} folders in it, whose texts are all messages; one may be within another
 * @returns {(UnmarkedText & { path: string })[]}
 */
export function listUnmarkedTexts(root, folders) {
  return [...new Set(folders.flatMap((folder) => listSources(root, folder)))].flatMap((path) =>
    findUnmarkedTexts(path, readFileSync(join(root, path), 'utf8')).map((text) => ({ path, ...text })),
  );
}

function listSources(root, path) {
  if (DASHBOARD_ONLY.includes(path)) return [];
  if (/\.tsx?$/.test(path)) return path.includes('.test') ? [] : [path];
  if (/\.[a-z]+$/.test(path)) return [];
  return readdirSync(join(root, path)).flatMap((name) => listSources(root, `${path}/${name}`));
}
