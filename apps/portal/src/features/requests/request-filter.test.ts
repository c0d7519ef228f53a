import { expect, it } from 'vitest';
import { isNarrowed, readRequestFilter } from './request-filter';

const NOTHING = { outcome: '', method: '', status: '', user_name: '', resource: '' };

it('asks for what the address says, and leaves out what makes no sense', () => {
  const asked = { outcome: 'refused', method: 'BREW', status: '409', user_name: ' ann ', resource: 'x' };
  expect(readRequestFilter(asked)).toEqual({
    outcome: 'refused',
    method: '',
    status: '409',
    user: 'ann',
    resource: '',
  });
});

it('narrows nothing down by what makes no sense', () => {
  expect(isNarrowed(readRequestFilter({ ...NOTHING, outcome: 'constructor', status: '99' }))).toBe(false);
  expect(isNarrowed(readRequestFilter({ ...NOTHING, user_name: 'ann' }))).toBe(true);
});
