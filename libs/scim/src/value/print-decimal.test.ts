import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printDecimal } from './print-decimal';

describe('printDecimal', () => {
  it('prints digits that read back as the number, without an exponent', () => {
    const number = fc.double({ min: -Number.MAX_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER, noNaN: true });
    fc.assert(
      fc.property(fc.oneof(number, fc.maxSafeInteger(), fc.double({ min: -1e-5, max: 1e-5, noNaN: true })), (value) => {
        const text = printDecimal(value) ?? '';
        expect(text).toMatch(/^-?\d+(\.\d*[1-9])?$/);
        expect(Number(text) + 0).toBe(value + 0);
      }),
    );
  });

  it.each([
    [0, '0'],
    [-0, '0'],
    [12345, '12345'],
    [-7.5, '-7.5'],
    [1e-7, '0.0000001'],
    [-1.25e-9, '-0.00000000125'],
    [2 ** 53 - 1, '9007199254740991'],
  ])('prints %d as %s', (value, text) => {
    expect(printDecimal(value)).toBe(text);
  });

  it.each([2 ** 53, -(2 ** 53), 1e21, Infinity, NaN])(
    'prints nothing for %d, whose digits are not certain',
    (value) => {
      expect(printDecimal(value)).toBeUndefined();
    },
  );
});
