import { expect, it } from 'vitest';
import { findDetail } from './find-detail';

const DETAILS = [
  { parts: ['The attribute ', ' is complex. Sort by ', '.'], anchor: 'complex' },
  { parts: ['', ' is required. Send a value for it.'], anchor: 'required' },
  { parts: ['The cursor has expired.'], anchor: 'expired' },
];

it.each([
  ['The attribute name is complex. Sort by name.familyName.', 'complex'],
  ['The attribute  is complex. Sort by .', 'complex'],
  ['userName is required. Send a value for it.', 'required'],
  ['The cursor has expired.', 'expired'],
  ['The cursor has expired. And more.', undefined],
  ['The attribute name is complex.', undefined],
  [' is required', undefined],
  ['', undefined],
])('finds for %j %s', (detail, anchor) => {
  expect(findDetail(DETAILS, detail)).toBe(anchor);
});

it('does not take one text for two parts', () => {
  expect(findDetail([{ parts: ['ab', 'ba'], anchor: 'x' }], 'aba')).toBeUndefined();
  expect(findDetail([{ parts: ['a', 'b', 'b'], anchor: 'x' }], 'ab')).toBeUndefined();
});
