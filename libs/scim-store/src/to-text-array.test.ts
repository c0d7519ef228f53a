import { expect, it } from 'vitest';
import { toTextArray } from './to-text-array';

it.each([
  [[], '{}'],
  [['a', 'NULL', '', 'b c', '{,}', 'ä€𝄞'], '{"a","NULL","","b c","{,}","ä€𝄞"}'],
])('writes %j as PostgreSQL reads it', (values, literal) => {
  expect(toTextArray(values)).toBe(literal);
});

it.each(['a"b', 'a\\b', 'a\nb', '\u0001'])('leaves %j to pg, because it has something to escape', (value) => {
  const values = ['x', value];
  expect(toTextArray(values)).toBe(values);
});
