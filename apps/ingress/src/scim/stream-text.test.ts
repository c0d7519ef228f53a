import { buffer } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { streamText } from './stream-text';

it.each([0, 1, 2, 3])(
  'gives the bytes of a long text, whatever character lies where it is cut (%i before)',
  async (before) => {
    const text = 'x'.repeat(before) + '😀é€'.repeat(50_000);
    const bytes = await buffer(streamText(text));
    expect(bytes.equals(Buffer.from(text))).toBe(true);
  },
);
