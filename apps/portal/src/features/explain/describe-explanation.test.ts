import { expect, it } from 'vitest';
import { describeField, describeRole, describeValue } from './describe-explanation';

it.each([
  [null, '–'],
  [[], '–'],
  [false, 'false'],
  ['Ann', 'Ann'],
  [[{ value: 'a@x.test', type: 'work', primary: true }, { value: 'b@x.test' }], 'a@x.test, b@x.test'],
  [{ formatted: null, locality: 'Berlin', region: 'BE', state: 'BE' }, 'Berlin, BE'],
  [{ id: null, value: null, display_name: 'Bob' }, 'Bob'],
])('says %j as %s', (value, words) => {
  expect(describeValue(value)).toBe(words);
});

it('says what gives a role', () => {
  const group = { id: 'dirgroup_1', name: 'Admins' };
  const role = { role_name: 'admin', scim_path: null, groups: [group] };
  expect(describeRole({ ...role, source: 'group' })).toBe('given by the group Admins');
  expect(describeRole({ ...role, groups: [group, { id: 'dirgroup_2', name: null }], source: 'group' })).toBe(
    'given by the groups Admins and dirgroup_2',
  );
  expect(describeRole({ ...role, source: 'attribute', scim_path: 'roles', groups: [] })).toBe(
    'sent in the attribute roles',
  );
  expect(describeRole({ ...role, source: 'attribute', scim_path: 'roles' })).toBe(
    'sent in the attribute roles, and given by the group Admins',
  );
  expect(describeRole({ ...role, source: 'default', groups: [] })).toContain('the default');
});

it('says the name of a field, and of the application’s own as it is', () => {
  const fields = ['given_name', 'dp_id', 'custom_attributes.nick', 'constructor'];
  expect(fields.map(describeField)).toEqual(['Given name', 'External ID', 'nick', 'constructor']);
});
