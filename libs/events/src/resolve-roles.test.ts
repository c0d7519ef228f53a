import { describe, expect, it } from 'vitest';
import { resolveRoles } from './resolve-roles';

const rules = { defaultRole: 'viewer', assignments: [{ group_id: 'g1', role_name: 'admin' }], attributeMappings: [] };

function namesOf(scimRoles: unknown, groupIds: string[] = [], ownerRoles: string[] = []) {
  return resolveRoles(scimRoles, groupIds, { ...rules, ownerRoles }).map(({ role_name }) => role_name);
}

describe('resolveRoles', () => {
  it.each([
    ['plain strings', ['editor', 'auditor'], ['editor', 'auditor']],
    ['one plain string', 'editor', ['editor']],
    ['values', [{ value: 'editor', primary: true }], ['editor']],
    ['types with values', [{ type: 'LICENSED_USER', value: 'LICENSED_USER' }], ['LICENSED_USER']],
    ['JSON text in value', [{ value: '{"id":"1","value":"Editor","displayName":"The Editor"}' }], ['Editor']],
    ['JSON text without a value', [{ value: '{"id":"1","value":null,"displayName":"Editor"}' }], ['Editor']],
    ['text that only looks like JSON', [{ value: '{editor}' }], ['{editor}']],
  ])('reads roles sent as %s', (_, scimRoles, expected) => {
    expect(namesOf(scimRoles)).toEqual(expected);
  });

  it('gives the default role only to users whom no group or attribute gives one', () => {
    expect(namesOf(undefined)).toEqual(['viewer']);
    expect(namesOf([])).toEqual(['viewer']);
    expect(namesOf([{ value: '' }])).toEqual(['viewer']);
    expect(namesOf(['editor'])).toEqual(['editor']);
    expect(namesOf(undefined, ['g1'])).toEqual(['admin']);
    expect(resolveRoles([], [], { ...rules, defaultRole: null })).toEqual([]);
  });

  it('joins the roles of attribute and groups without repeats', () => {
    expect(namesOf(['editor', 'admin'], ['g1'])).toEqual(['editor', 'admin']);
  });

  it("takes the application's spelling of a role that differs only in case", () => {
    expect(namesOf(['EDITOR', 'Other'], [], ['editor'])).toEqual(['editor', 'Other']);
  });
});
