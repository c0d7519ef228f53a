import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { idFloor, idOf, isBareId, newId, parseId, publicId, timeOfId } from './new-id';

describe('newId', () => {
  it('makes ids that sort by creation within one millisecond', () => {
    const ids = Array.from({ length: 5000 }, () => newId(1_795_000_000_000));
    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('makes ids that sort by the millisecond they were made in', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 45), fc.nat(2 ** 45), (a, b) => {
        fc.pre(a !== b);
        expect(newId(a) < newId(b)).toBe(a < b);
      }),
    );
  });

  it('writes the time as ULID does', () => {
    // The example of the ULID specification: 1469918176385 ↔ 01ARYZ6S41.
    expect(newId(1_469_918_176_385).slice(0, 10)).toBe('01aryz6s41');
  });

  it('does not let the next id be guessed from the last', () => {
    // The last 6 characters are 30 bits: equal steps would show as equal differences.
    const ids = Array.from({ length: 51 }, () => decode(newId(1_795_000_000_000).slice(-6)));
    const steps = new Set(ids.slice(1).map((id, i) => (id - (ids[i] ?? 0) + 2 ** 30) % 2 ** 30));
    expect(steps.size).toBeGreaterThan(45);
  });
});

describe('the time of an id', () => {
  it('is the one that it was made at, and bounds it', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 45), (now) => {
        const id = newId(now);
        expect(timeOfId(id).getTime()).toBe(now);
        expect(idFloor(new Date(now)) <= id && id < idFloor(new Date(now + 1))).toBe(true);
      }),
    );
  });
});

function decode(text: string): number {
  return text.split('').reduce((sum, char) => sum * 32 + '0123456789abcdefghjkmnpqrstvwxyz'.indexOf(char), 0);
}

describe('parseId', () => {
  it('gives back what publicId wrapped', () => {
    const id = newId();
    expect(isBareId(id)).toBe(true);
    expect(parseId('dirgroup', publicId('dirgroup', id))).toBe(id);
  });

  it.each(['', 'dir_', 'dir', `dir_${'z'.repeat(26)}`, `dir_${'0'.repeat(25)}`, `dir_${'0'.repeat(25)}L`])(
    'answers null for %j',
    (text) => expect(parseId('dir', text)).toBeNull(),
  );

  it("refuses another noun's id", () => {
    expect(parseId('dir', publicId('diruser', newId()))).toBeNull();
    expect(parseId('diruser', publicId('dir', newId()))).toBeNull();
  });

  it('refuses text after the id, a line feed included', () => {
    expect(parseId('dir', `dir_${newId()}\n`)).toBeNull();
  });
});

it('gives the same subject the same id at a time, sorted by it, and another subject another', () => {
  expect(idOf(1_795_000_000_000, 'a')).toBe(idOf(1_795_000_000_000, 'a'));
  expect(idOf(1_795_000_000_000, 'a')).not.toBe(idOf(1_795_000_000_000, 'b'));
  expect(idOf(1_795_000_000_000, 'a') < idOf(1_795_000_000_001, 'a')).toBe(true);
  expect(isBareId(idOf(1_795_000_000_000, 'a'))).toBe(true);
});
