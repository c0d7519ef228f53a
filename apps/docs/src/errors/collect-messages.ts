import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** What the server's code says about its errors. */
export interface Messages {
  /** The messages of each code; what is only known while running is `…` in them. */
  readonly byCode: ReadonlyMap<string, readonly string[]>;
  /** The details of SCIM's errors, by their detail keyword or else their status. */
  readonly byScimType: ReadonlyMap<string, readonly string[]>;
  /** SCIM's errors whose detail is made elsewhere: `file: source`. */
  readonly unread: readonly string[];
}

/** Where errors are made. */
const FOLDERS = [
  'apps/ingress/src',
  'libs/scim/src',
  'libs/scim-store/src',
  'libs/management/src',
  'libs/platform/src',
];

/** Functions that make an error of SCIM of the detail in their first argument, by the detail keyword that they are named after. */
const MAKERS = new Set([
  'invalidValue',
  'invalidSyntax',
  'invalidPath',
  'invalidFilter',
  'mutability',
  'tooMany',
  'noTarget',
]);

/** Reads the messages from the sources of the repository at `root`, so that none can be missing. */
export function collectMessages(root: string): Messages {
  const byCode = new Map<string, Set<string>>();
  const byScimType = new Map<string, Set<string>>();
  const unread: string[] = [];
  for (const path of FOLDERS.flatMap((folder) => listSources(root, folder))) {
    const tree = ts.createSourceFile(path, readFileSync(join(root, path), 'utf8'), ts.ScriptTarget.Latest, true);
    const functions = listFunctions(tree);
    visit(tree, (node) => {
      if (ts.isObjectLiteralExpression(node)) addCoded(byCode, node, functions);
      const made = readScimError(node, functions);
      if (!made) return;
      const texts = readTexts(made.detail, functions);
      if (texts.length === 0) unread.push(`${path}: ${node.getText().replaceAll(/\s+/g, ' ')}`);
      for (const text of texts) add(byScimType, made.key, text);
    });
  }
  return { byCode: sortTexts(byCode), byScimType: sortTexts(byScimType), unread };
}

/** The functions that a file declares, by name. */
type Functions = ReadonlyMap<string, ts.FunctionDeclaration>;

function listFunctions(tree: ts.SourceFile): Functions {
  const declared = tree.statements.filter((statement) => ts.isFunctionDeclaration(statement));
  return new Map(declared.map((one) => [one.name?.text ?? '', one]));
}

function listSources(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !/\.(test|test-support)\.ts$|(^|\/)testing\//.test(name))
    .map((name) => `${folder}/${name}`)
    .toSorted();
}

function visit(node: ts.Node, look: (node: ts.Node) => void): void {
  look(node);
  ts.forEachChild(node, (child) => visit(child, look));
}

/** `{ code: 'a_code', message: 'A text.' }`, however it is used. */
function addCoded(byCode: Map<string, Set<string>>, node: ts.ObjectLiteralExpression, functions: Functions): void {
  const [code, message] = [propertyOf(node, 'code'), propertyOf(node, 'message')];
  if (!code || !message || !ts.isStringLiteral(code)) return;
  for (const text of readTexts(message, functions)) add(byCode, code.text, text);
}

function propertyOf(node: ts.ObjectLiteralExpression, name: string): ts.Expression | undefined {
  const property = node.properties.find((one) => one.name && ts.isIdentifier(one.name) && one.name.text === name);
  return property && ts.isPropertyAssignment(property) ? property.initializer : undefined;
}

/** An error of SCIM that is made here: its detail keyword or else its status, and its detail. One that is passed on was made elsewhere. */
function readScimError(node: ts.Node, functions: Functions): { key: string; detail: ts.Expression } | null {
  const made = readMaker(node, functions) ?? readConstructor(node) ?? readTable(node);
  if (!made?.detail || ts.isIdentifier(made.detail) || ts.isPropertyAccessExpression(made.detail)) return null;
  return { key: made.key, detail: made.detail };
}

interface Made {
  key: string;
  detail: ts.Expression | undefined;
}

/** `invalidValue('A text.')`, or a function of the file's own that does as much. */
function readMaker(node: ts.Node, functions: Functions): Made | null {
  if (!ts.isCallExpression(node) || !ts.isIdentifier(node.expression)) return null;
  const { text: key } = node.expression;
  const [detail] = node.arguments;
  const own = functions.get(key);
  if (!own) return MAKERS.has(key) ? { key, detail } : null;
  const passedOn = readReturned(own)
    .map(readConstructor)
    .find((made) => made?.detail && ts.isIdentifier(made.detail));
  return passedOn ? { key: passedOn.key, detail } : null;
}

/** `new ScimError(400, 'invalidValue', 'A text.')`. */
function readConstructor(node: ts.Node): Made | null {
  if (!ts.isNewExpression(node) || node.expression.getText() !== 'ScimError') return null;
  const [status, type, detail] = node.arguments ?? [];
  return { key: type && ts.isStringLiteral(type) ? type.text : (status?.getText() ?? ''), detail };
}

/** `{ status: 401, detail: 'A text.' }`, in a table. */
function readTable(node: ts.Node): Made | null {
  if (!ts.isObjectLiteralExpression(node)) return null;
  const [status, detail] = [propertyOf(node, 'status'), propertyOf(node, 'detail')];
  return status && ts.isNumericLiteral(status) ? { key: status.text, detail } : null;
}

/** The texts that an expression can give; what is put into them is `…`. */
function readTexts(node: ts.Expression, functions: Functions): string[] {
  const read = (one: ts.Expression): string[] => readTexts(one, functions);
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isTemplateExpression(node))
    return [node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join('')];
  if (ts.isConditionalExpression(node)) return [...read(node.whenTrue), ...read(node.whenFalse)];
  if (ts.isParenthesizedExpression(node)) return read(node.expression);
  if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) return read(node.body);
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken)
    return read(node.left).flatMap((left) => read(node.right).map((right) => left + right));
  if (ts.isCallExpression(node) && ts.isIdentifier(node.expression))
    return readReturned(functions.get(node.expression.text)).flatMap(read);
  return [];
}

/** What a function returns. */
function readReturned(declaration: ts.FunctionDeclaration | undefined): ts.Expression[] {
  const returned: ts.Expression[] = [];
  if (declaration?.body)
    visit(declaration.body, (node) => {
      if (ts.isReturnStatement(node) && node.expression) returned.push(node.expression);
    });
  return returned;
}

function add(map: Map<string, Set<string>>, key: string, text: string): void {
  map.set(key, (map.get(key) ?? new Set()).add(text));
}

function sortTexts(map: Map<string, Set<string>>): Map<string, string[]> {
  return new Map([...map].map(([key, texts]) => [key, [...texts].toSorted()]));
}
