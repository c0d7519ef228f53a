import { describe, expect, it } from 'vitest';
import { JsonScanner } from './scan-json';

/** Shows a text to a scanner in chunks, as it would arrive. */
function scan(text: string, chunk = 10_000) {
  const scanner = new JsonScanner();
  const bytes = Buffer.from(text);
  for (let start = 0; start < bytes.length; start += chunk) scanner.add(bytes.subarray(start, start + chunk));
  return scanner.finish();
}

const refusal = (text: string) => {
  try {
    scan(text);
    return null;
  } catch (error) {
    return error;
  }
};

describe('a body of odd shape is refused while it arrives', () => {
  it.each([
    ['nested arrays', '['.repeat(8_000_000), { kind: 'invalid', message: expect.stringContaining('64 levels') }],
    ['empty members', `[${'{},'.repeat(5_000_000)}`, { kind: 'too_large', message: expect.stringContaining('800000') }],
    [
      'attributes of one object',
      `{${Array.from({ length: 6_000 }, (_, n) => `"k${n}":1,`).join('')}`,
      { kind: 'too_large', message: expect.stringContaining('5000') },
    ],
    ['brackets that do not match', '{"a":[1}', { code: 'malformed_json' }],
    ['more brackets closed than opened', '[]]', { code: 'malformed_json' }],
    ['an end that is missing', '{"a":[1]', { code: 'malformed_json' }],
  ])('%s', (_, text, expected) => {
    expect(refusal(text)).toMatchObject(expected);
  });
});

it('takes brackets and commas in texts for what they are, wherever a chunk ends', () => {
  const text = JSON.stringify({ a: '[[{{,,"\\'.repeat(100_000), b: ['\\"', 'ä]'] });
  for (const chunk of [1_001, 65_536]) expect(() => scan(text, chunk)).not.toThrow();
});

it.each([
  ['a PUT of 100,000 members', { displayName: 'All', members: members(100_000) }],
  ['a PATCH of 100,000 members', { Operations: [{ op: 'replace', path: 'members', value: members(100_000) }] }],
  [
    'a bulk request of 1,000 groups',
    {
      Operations: Array.from({ length: 1_000 }, (_, n) => ({
        method: 'POST',
        path: '/Groups',
        bulkId: `${n}`,
        data: { displayName: `G${n}`, members: members(100) },
      })),
    },
  ],
])('lets through %s', (_, body) => {
  expect(scan(JSON.stringify(body))).toMatchObject({ isObject: true, start: 0 });
});

function members(count: number): unknown[] {
  return Array.from({ length: count }, (_, n) => ({
    value: `01hzy7k2m3n4p5q6r7s8${n}`,
    display: 'A',
    type: 'User',
    $ref: '../Users/01hzy7k2m3n4p5q6r7s8',
  }));
}
