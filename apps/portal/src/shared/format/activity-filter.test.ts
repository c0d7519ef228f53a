import { expect, it } from 'vitest';
import { activeParameter } from './activity-filter';

it('asks the API for who is active or is not, and for everybody where the URL says anything else', () => {
  const asked = ['active', 'inactive', '', 'constructor', 'toString'].map(activeParameter);
  expect(asked).toEqual(['true', 'false', '', '', '']);
});
