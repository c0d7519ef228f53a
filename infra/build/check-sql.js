import { fileURLToPath } from 'node:url';
import { readSqlFunctions } from './sql-functions.js';

const WIDTH = 140;
const LENGTH = 60;
const DEFINER_PATH = 'SET search_path = public, pg_temp';

/** Words that are written in capitals wherever they stand outside of texts and comments; none of them names anything of ours. */
const KEYWORDS = new Set(
  `ALL AND ANY AS ASC BEGIN BY CASE COLLATE CONFLICT CONTINUE CREATE DECLARE DELETE DESC DISTINCT DO ELSE ELSIF END EXCEPT EXECUTE
  EXISTS EXIT FOR FOREACH FROM FUNCTION GROUP HAVING IF IN INSERT INTO IS JOIN LANGUAGE LATERAL LIMIT LOOP MATERIALIZED NOT NOTHING
  NULL OFFSET ON OR ORDER OUT INOUT OVER PERFORM RAISE RECURSIVE RETURN RETURNING RETURNS SELECT SET SETOF TABLE THEN UNION UPDATE
  USING VALUES WHEN WHERE WHILE WITH`.split(/\s+/),
);

/** Each rule looks at one function and answers what is wrong and what to do, by line, or nothing. */
const RULES = {
  'file-name': ({ path, name }) =>
    path.endsWith(`/${name}.sql`) && path.split('/').length === 2
      ? []
      : [at(1, 'must be <noun>/<function>.sql and begin "CREATE OR REPLACE FUNCTION <function>("')],
  'one-function': ({ text }) =>
    [...text.matchAll(/^(?:CREATE|ALTER|DROP|GRANT|REVOKE)\b/gm)]
      .slice(1)
      .map(({ index }) => at(lineOf(text, index), 'a file is one function: give this statement a file of its own')),
  comment: ({ text }) =>
    text.startsWith('-- ') ? [] : [at(1, 'begin with a comment that says what it answers or does')],
  keywords: ({ text }) =>
    [...withoutTexts(text).matchAll(/(?<![\w.$#])[A-Za-z]+(?![\w.(]|\s*:=)/g)]
      .filter(([word]) => word !== word.toUpperCase() && KEYWORDS.has(word.toUpperCase()))
      .map(({ 0: word, index }) => at(lineOf(text, index), `write ${word.toUpperCase()}`)),
  indentation: ({ text }) =>
    linesOf(text)
      .filter(({ content }) => /^\s*\t/.test(content) || /^ */.exec(content)[0].length % 2 === 1)
      .map(({ line }) => at(line, 'indent by two spaces')),
  width: ({ text }) =>
    linesOf(text)
      .filter(({ content }) => content.length > WIDTH)
      .map(({ line }) => at(line, `break the line: it is wider than ${WIDTH} characters`)),
  'white-space': ({ text }) => [
    ...linesOf(text)
      .filter(({ content }) => content !== content.trimEnd())
      .map(({ line }) => at(line, 'remove the space at the end')),
    ...(text.endsWith('$$;\n') ? [] : [at(linesOf(text).length, 'end with "$$;" and one line break')]),
  ],
  length: ({ text }) => {
    const body = linesOf(text.split('$$')[1] ?? '').filter(({ content }) => !/^\s*(--.*)?$/.test(content));
    return body.length > LENGTH ? [at(1, `${body.length} lines: split the function, at most ${LENGTH}`)] : [];
  },
  definer: ({ text }) =>
    /^SECURITY DEFINER$/m.test(text) && !text.includes(`\n${DEFINER_PATH}\n`)
      ? [at(1, `a function that runs with its owner's rights needs "${DEFINER_PATH}"`)]
      : [],
};

/**
 * Checks how the SQL functions are written.
 * @param {import('./sql-functions').SqlFunction[]} functions
 * @returns {{ path: string, line: number, rule: string, message: string }[]} empty when all is well
 */
export function checkSql(functions) {
  const found = functions.flatMap((each) =>
    Object.entries(RULES).flatMap(([rule, check]) =>
      check(each).map(({ line, message }) => ({ path: each.path, line, rule, message })),
    ),
  );
  return [...found, ...findSecondFiles(functions)];
}

/** Two files of a name would be two definitions, or two signatures. */
function findSecondFiles(functions) {
  const first = new Map();
  return functions.flatMap(({ path, name }) => {
    if (!first.has(name)) first.set(name, path);
    if (first.get(name) === path) return [];
    const message = `${name} is defined in ${first.get(name)} already: a function with another signature gets another name`;
    return [{ path, line: 1, rule: 'one-signature', message }];
  });
}

function at(line, message) {
  return { line, message };
}

function linesOf(text) {
  return text
    .replace(/\n$/, '')
    .split('\n')
    .map((content, index) => ({ content, line: index + 1 }));
}

function lineOf(text, index) {
  return text.slice(0, index).split('\n').length;
}

/** The text with comments and quoted texts blanked, so that the places stay. */
function withoutTexts(text) {
  return text.replaceAll(/--.*|'[^']*'|"[^"]*"/g, (part) => ' '.repeat(part.length));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const functions = readSqlFunctions();
  const violations = checkSql(functions);
  for (const { path, line, rule, message } of violations)
    console.error(`libs/database/src/sql/${path}:${line} ${rule}: ${message}`);
  if (violations.length === 0) console.log(`sql: ${functions.length} functions are written as they should be`);
  process.exitCode = violations.length === 0 ? 0 : 1;
}
