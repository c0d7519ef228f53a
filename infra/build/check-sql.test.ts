import { describe, expect, it } from 'vitest';
import { checkSql } from './check-sql.js';
import { parseSqlFunction, readSqlFunctions } from './sql-functions.js';

const GOOD = `-- The answer to p_question.
CREATE OR REPLACE FUNCTION find_answer(p_question text, OUT answer integer)
LANGUAGE plpgsql STABLE
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
BEGIN
  -- select is a word in a comment, and 'select' one in a text.
  answer := (SELECT 42 WHERE p_question <> 'select');
END
$$;
`;

const rulesOf = (text: string, path = 'answers/find_answer.sql') =>
  checkSql([parseSqlFunction(path, text)]).map(({ rule, line }) => `${rule}:${line}`);

describe('the files of SQL functions', () => {
  it('are all written as they should be', () => {
    expect(checkSql(readSqlFunctions())).toEqual([]);
  });

  it('pass when they are, and say nothing of words in texts and comments', () => {
    expect(rulesOf(GOOD)).toEqual([]);
  });

  it.each([
    ['another name than their function', 'file-name:1', GOOD, 'answers/find_question.sql'],
    ['no noun', 'file-name:1', GOOD, 'find_answer.sql'],
    [
      'a second statement',
      'one-function:12',
      `${GOOD.slice(0, -1)}\nGRANT EXECUTE ON FUNCTION find_answer TO other;$$;\n`,
    ],
    ['no comment', 'comment:1', GOOD.replace(/^.*\n/, '')],
    ['a keyword in small letters', 'keywords:9', GOOD.replace('WHERE', 'where')],
    ['three spaces', 'indentation:9', GOOD.replace('  answer :=', '   answer :=')],
    ['a wide line', 'width:9', GOOD.replace('42', '4'.repeat(140))],
    ['a space at the end', 'white-space:7', GOOD.replace('BEGIN', 'BEGIN ')],
    ['no line break at the end', 'white-space:11', GOOD.trimEnd()],
    ['too long a function', 'length:1', GOOD.replace('BEGIN\n', `BEGIN\n${'  answer := 1;\n'.repeat(58)}`)],
    ["their owner's rights and the caller's path", 'definer:1', GOOD.replace(/SET search_path.*\n/, '')],
  ])('are refused with %s', (_what, rule, text, path?: string) => {
    expect(rulesOf(text, path)).toEqual([rule]);
  });

  it('are refused when two define the same name', () => {
    const [one, two] = ['answers', 'questions'].map((noun) => parseSqlFunction(`${noun}/find_answer.sql`, GOOD));
    expect(checkSql([one, two])).toMatchObject([{ path: 'questions/find_answer.sql', rule: 'one-signature' }]);
  });
});
