import * as fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { parseInSlices } from './parse-in-slices';
import { JsonScanner } from './scan-json';

/** Cut as finely as there are commas. */
async function parseFinely(text: string): Promise<{ value: unknown } | 'refused'> {
  const bytes = Buffer.from(text);
  try {
    const scanner = new JsonScanner(4);
    scanner.add(bytes);
    return { value: await parseInSlices(bytes, scanner.finish()) };
  } catch {
    return 'refused';
  }
}

function parseAtOnce(text: string): { value: unknown } | 'refused' {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return 'refused';
  }
}

const asBytes = (text: string) => Buffer.from(text).toString();

/** JSON texts with more or less white space, and keys that come twice. */
const texts = fc
  .tuple(
    fc
      .jsonValue({ maxDepth: 6, noUnicodeString: false })
      .filter((value) => !JSON.stringify(value).includes('__proto__')),
    fc.constantFrom(undefined, 1, '\t'),
    fc.boolean(),
  )
  .map(([value, space, twice]) => {
    const text = JSON.stringify(value, null, space);
    return twice ? `{"a": ${text}, "b" : [${text}, ${text}],"a":[${text}]}` : text;
  });

it('makes of every text what JSON.parse makes of it', async () => {
  await fc.assert(
    fc.asyncProperty(texts, async (text) => {
      expect(await parseFinely(text)).toEqual(parseAtOnce(text));
    }),
  );
});

it('refuses what JSON.parse refuses', async () => {
  const change = fc.tuple(fc.nat(), fc.constantFrom('', ',', ',,', '[', ']', '{', '}', '"', '1', ' ', 'null', ':'));
  await fc.assert(
    fc.asyncProperty(texts, change, fc.boolean(), async (text, [at, inserted], replaces) => {
      const place = at % (text.length + 1);
      // Half of a surrogate pair has no bytes of its own.
      const changed = asBytes(text.slice(0, place) + inserted + text.slice(place + Number(replaces)));
      expect(await parseFinely(changed), changed).toEqual(parseAtOnce(changed));
    }),
    { numRuns: 300 },
  );
});

it.each(['{"__proto__":{"a":[1,2,3,4,5]},"b":[1,2,3,4]}', '{"\\u005f_proto__":[1,2,3,4,5],"b":[1,2,3,4]}'])(
  'leaves out a key that would set the prototype: %s',
  async (text) => {
    const parsed = await parseFinely(text);
    expect(parsed).toEqual({ value: { b: [1, 2, 3, 4] } });
    expect(Object.getPrototypeOf(parsed === 'refused' ? null : parsed.value)).toBe(Object.prototype);
  },
);

it('gives others their turn in between', async () => {
  const text = JSON.stringify(
    Array.from({ length: 200_000 }, (_, n) => ({ value: `${n}`.padStart(26, '0'), type: 'User' })),
  );
  const [bytes, scanner] = [Buffer.from(text), new JsonScanner()];
  scanner.add(bytes);
  const parse = vi.spyOn(JSON, 'parse');
  let turns = 0;
  const turn = () => void (turns += 1);
  const interval = setInterval(turn, 1);
  const parsed = (await parseInSlices(bytes, scanner.finish())) as unknown[];
  clearInterval(interval);
  expect(parsed).toHaveLength(200_000);
  expect(turns).toBeGreaterThan(2);
  expect(Math.max(...parse.mock.calls.map(([slice]) => slice.length))).toBeLessThan(70_000);
  parse.mockRestore();
});
