import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { gatherLines } from './gather-lines';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('writes lines that come together at once, in their order, a moment after the first', () => {
  const written: string[] = [];
  const lines = gatherLines((text) => written.push(text));
  lines.write('one\n');
  vi.advanceTimersByTime(60);
  lines.write('two\n');
  expect(written).toEqual([]);
  vi.advanceTimersByTime(40);
  expect(written).toEqual(['one\ntwo\n']);
  lines.write('three\n');
  vi.advanceTimersByTime(100);
  expect(written).toEqual(['one\ntwo\n', 'three\n']);
  vi.advanceTimersByTime(1_000);
  expect(written).toHaveLength(2);
});

it('lets no more wait than a few kilobytes, and nothing once it is asked for it', () => {
  const written: string[] = [];
  const lines = gatherLines((text) => written.push(text));
  const long = `${'x'.repeat(5_000)}\n`;
  lines.write(long);
  lines.write(long);
  expect(written).toEqual([long + long]);
  lines.write('last\n');
  lines.flush();
  expect(written.at(-1)).toBe('last\n');
});
