import { expect, it } from 'vitest';
import { describeChange } from './describe-change';

const user = { id: 'diruser_1', email: 'ann@acme.example', roles: [{ role_name: 'admin' }, { role_name: 'member' }] };

it('says what becomes of the roles', () => {
  expect(describeChange({ ...user, custom_attributes: {}, previous_attributes: { roles: [] } })).toBe(
    'roles: none → admin, member',
  );
});

it('says what becomes of each attribute that changes', () => {
  const changed = {
    custom_attributes: { level: 7, team: 'Blue' },
    previous_attributes: { custom_attributes: { level: null, team: 'Red' } },
  };
  expect(describeChange({ ...user, ...changed })).toBe('level: nothing → 7; team: Red → Blue');
});

it('takes an attribute that goes away for gone, whatever it is called', () => {
  const changed = { custom_attributes: {}, previous_attributes: { custom_attributes: { toString: 'x' } } };
  expect(describeChange({ ...user, ...changed })).toBe('toString: x → nothing');
});

it('is nothing where only other things change', () => {
  expect(describeChange({ ...user, custom_attributes: {}, previous_attributes: { active: true } })).toBe('');
});
