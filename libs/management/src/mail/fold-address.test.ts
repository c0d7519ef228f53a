import { expect, it } from 'vitest';
import { foldAddress } from './fold-address';

it.each([
  ['in another case', 'Ann@Example.com', 'ann@example.com'],
  ['composed otherwise', 'rene\u0301@example.com', 'ren\u00e9@example.com'],
  ['in fullwidth letters', '\uff41nn@example.com', 'ann@example.com'],
])('an address %s is the same', (_, one, other) => {
  expect(foldAddress(one)).toBe(foldAddress(other));
});

it.each([
  ['a ligature', '\ufb01nn@example.com', 'finn@example.com'],
  ['a digit in a circle', 'ann\u2460@example.com', 'ann1@example.com'],
])('an address with %s is that of another mailbox', (_, one, other) => {
  expect(foldAddress(one)).not.toBe(foldAddress(other));
});
