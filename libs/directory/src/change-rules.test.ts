import { expect, it } from 'vitest';
import { changeRules, refuseDuplicateRules } from './change-rules';

const admins = { group_id: 'g1', role_name: 'admin' };
const editors = { group_id: 'g2', role_name: 'editor' };
const title = { key: 'title', map_to: 'job' };
const current = { assignments: [admins, editors], attributeMappings: [title] };

it('gives nothing to store when the rules are so already, whatever is left out', () => {
  expect(changeRules(current, {})).toBeNull();
  expect(changeRules(current, { assignments: [{ role_name: 'admin', group_id: 'g1' }, editors] })).toBeNull();
  expect(changeRules(current, { attributeMappings: [title] })).toBeNull();
});

it('gives the whole rules when one part differs, the order of assignments included', () => {
  expect(changeRules(current, { assignments: [editors, admins] })).toEqual({
    assignments: [editors, admins],
    attributeMappings: [title],
  });
  expect(changeRules(current, { attributeMappings: [] })).toEqual({ ...current, attributeMappings: [] });
});

it('refuses a pair of group and role that is named twice', () => {
  const sameGroup = { ...admins, role_name: 'editor' };
  expect(() => refuseDuplicateRules({ assignments: [admins, sameGroup, editors] })).not.toThrow();
  expect(() => refuseDuplicateRules({ assignments: [admins, editors, { ...admins }] })).toThrow(
    expect.objectContaining({ kind: 'refused', code: 'duplicate_assignment' }),
  );
});

it('refuses two mappings to one name', () => {
  expect(() => refuseDuplicateRules({ attributeMappings: [title, { ...title, map_to: 'other' }] })).not.toThrow();
  expect(() => refuseDuplicateRules({ attributeMappings: [title, { key: 'nickName', map_to: 'job' }] })).toThrow(
    expect.objectContaining({ code: 'duplicate_mapping', message: expect.stringContaining('"job"') as string }),
  );
});
