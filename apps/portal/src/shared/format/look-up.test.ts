import { expect, it } from 'vitest';
import { lookUp } from './look-up';

it('finds what a table has of its own, and nothing of what every object has', () => {
  const table = { users: 'Users' };
  expect(lookUp(table, 'users')).toBe('Users');
  for (const key of ['groups', 'constructor', 'toString', '__proto__']) expect(lookUp(table, key)).toBeUndefined();
});
