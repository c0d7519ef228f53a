import { readEntries } from '@rollcall/directory';
import { buildRequest } from '@rollcall/test-builders';
import { expect, it } from 'vitest';
import { RequestBuffer } from './request-buffer';

const LIMITS = { all: { rows: 100, size: 10_000 }, perDirectory: { rows: 48, size: 5_000 } };

const add = (buffer: RequestBuffer, directoryId: string, size = 10): boolean =>
  buffer.add(buildRequest(directoryId), size);

/** How many requests of each directory were kept, and how many its newest says were not. */
function takeFrom(buffer: RequestBuffer): Record<string, { kept: number; missed: number }> {
  const taken: Record<string, { kept: number; missed: number }> = {};
  for (const { pack, missed } of buffer.take()) {
    const { directoryId, entries } = pack.close(missed);
    const found = readEntries(entries.toString());
    const own = (taken[directoryId] ??= { kept: 0, missed: 0 });
    own.kept += found.length;
    own.missed = found.at(-1)?.not_recorded ?? 0;
  }
  return taken;
}

it('keeps a directory’s requests until they are taken', () => {
  const buffer = new RequestBuffer(LIMITS);
  expect([add(buffer, 'a'), add(buffer, 'a'), add(buffer, 'b')]).toEqual([true, true, true]);
  expect(takeFrom(buffer)).toEqual({ a: { kept: 2, missed: 0 }, b: { kept: 1, missed: 0 } });
  expect([buffer.length, buffer.take()]).toEqual([0, []]);
});

it('counts what found no room, and leaves room for others while one directory floods it', () => {
  const buffer = new RequestBuffer(LIMITS);
  for (let n = 0; n < 1_000; n++) add(buffer, 'flood');
  for (let n = 0; n < 1_000; n++) add(buffer, 'flood too');
  expect(add(buffer, 'quiet')).toBe(true);
  expect(takeFrom(buffer)).toMatchObject({ flood: { kept: 48, missed: 952 }, quiet: { kept: 1, missed: 0 } });
});

it('counts with what found no room what was left out before it', () => {
  const buffer = new RequestBuffer({ ...LIMITS, perDirectory: { rows: 1, size: 5_000 } });
  add(buffer, 'a');
  buffer.add(buildRequest('a', { not_recorded: 7 }), 10);
  expect(takeFrom(buffer)).toEqual({ a: { kept: 1, missed: 8 } });
});

it('keeps no more than its room, by number and by size, whoever asks', () => {
  const buffer = new RequestBuffer(LIMITS);
  for (let n = 0; n < 10_000; n++) add(buffer, `d${n}`);
  expect(buffer.length).toBe(100);
  buffer.take();
  expect(add(buffer, 'large', 6_000)).toBe(false);
  for (let n = 0; n < 10_000; n++) add(buffer, `d${n}`, 300);
  expect(buffer.length).toBeLessThanOrEqual(33);
});
