import { describe, expect, it } from 'vitest';
import { describeChange } from './describe-change';

describe('how a user would change', () => {
  it('names the roles before and after', () => {
    const user = {
      roles: [{ role_name: 'admin' }, { role_name: 'auditor' }],
      custom_attributes: {},
      previous_attributes: { roles: [{ role_name: 'member' }] },
    };
    expect(describeChange(user)).toEqual(['roles: member → admin, auditor']);
  });

  it('names each attribute before and after, and what was or will be absent', () => {
    const user = {
      roles: [],
      custom_attributes: { team: 'Sales', level: 3 },
      previous_attributes: { custom_attributes: { team: null, level: 2, gone: 'x' }, roles: [{ role_name: 'a' }] },
    };
    expect(describeChange(user)).toEqual(['roles: a → none', 'team: none → Sales', 'level: 2 → 3', 'gone: x → none']);
  });

  it('is nothing where only other things change', () => {
    expect(describeChange({ roles: [], custom_attributes: {}, previous_attributes: { active: true } })).toEqual([]);
  });
});
