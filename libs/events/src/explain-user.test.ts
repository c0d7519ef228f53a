import { describe, expect, it } from 'vitest';
import type { AssignmentRules, CanonicalResource } from './change';
import { compileRules, NO_RULES } from './compile-rules';
import { explainFields, explainRoles } from './explain-user';
import { normalizeUser } from './normalize-user';

const TENANT = { environmentId: 'e', organizationId: 'o', directoryId: 'd' };

function explain(
  resource: CanonicalResource,
  rules: AssignmentRules = NO_RULES,
  groups: { id: string; name: string }[] = [],
) {
  const surroundings = { userId: 'u', groups, published: null };
  const data = normalizeUser(resource, surroundings, { ...TENANT, rules: compileRules(rules) });
  return {
    roles: explainRoles(resource, data, groups, rules),
    paths: Object.fromEntries(explainFields(resource, data, rules).map(({ field, scimPath }) => [field, scimPath])),
  };
}

describe('a field', () => {
  it.each([
    [{ emails: [{ value: 'a@x.test' }, { value: 'b@x.test', primary: true }] }, 'emails[primary eq true].value'],
    [
      {
        emails: [
          { value: 'a@x.test', type: 'home' },
          { value: 'b@x.test', type: 'work' },
        ],
      },
      'emails[type eq "work"].value',
    ],
    [{ emails: [{ value: 'a@x.test' }] }, 'emails.value'],
    [{ userName: 'a@x.test' }, 'userName'],
    [{ userName: 'a' }, null],
  ])('email of %j was read from %s', (resource, path) => {
    expect(explain(resource).paths['email']).toBe(path);
  });

  it.each([
    [{ displayName: 'Ann', name: { givenName: 'A', familyName: 'B' } }, 'displayName'],
    [{ name: { givenName: 'A', familyName: 'B', formatted: 'C' } }, 'name.givenName, name.familyName'],
    [{ name: { givenName: 'A', formatted: 'C' } }, 'name.formatted'],
    [{ name: { familyName: 'B' } }, 'name.familyName'],
    [{}, null],
  ])('name of %j was read from %s', (resource, path) => {
    expect(explain(resource).paths['name']).toBe(path);
  });

  it('of the application’s own was read from the first of its paths that leads to something', () => {
    const attributeMappings = [{ key: 'nickName', map_to: 'nick', fallback_keys: ['title'] }];
    const { paths } = explain({ title: 'CEO' }, { ...NO_RULES, attributeMappings });
    expect(paths['custom_attributes.nick']).toBe('title');
  });
});

it('has every normalized field explained that has no explanation of its own', () => {
  const { paths } = explain({});
  expect(Object.keys(paths)).toHaveLength(24);
});

it('says of each role what gives it, and of the default that nothing else does', () => {
  const rules = { ...NO_RULES, defaultRole: 'viewer', assignments: [{ group_id: 'g', role_name: 'admin' }] };
  const groups = [{ id: 'g', name: 'Admins' }];
  expect(explain({ roles: [{ value: 'editor' }] }, rules, groups).roles).toEqual([
    { roleName: 'editor', source: 'attribute', scimPath: 'roles', groups: [] },
    { roleName: 'admin', source: 'group', scimPath: null, groups },
  ]);
  expect(explain({}, rules).roles).toEqual([{ roleName: 'viewer', source: 'default', scimPath: null, groups: [] }]);
});
