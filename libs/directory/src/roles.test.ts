import { newId, publicId } from '@rollcall/platform';
import { expect, it } from 'vitest';
import { refuseRoleInUse } from './refuse-role-in-use';
import { refuseUnknownGroups, refuseUnknownRoles } from './refuse-unknown';

it('lets a role go that nothing gives to anyone', () => {
  expect(() => refuseRoleInUse({ isDefaultMember: false, directoryIds: [] })).not.toThrow();
});

it('keeps the default role, and a role that directories assign, which it names', () => {
  const id = newId();
  expect(() => refuseRoleInUse({ isDefaultMember: true, directoryIds: [] })).toThrow(
    expect.objectContaining({ code: 'role_in_use', details: undefined }),
  );
  expect(() => refuseRoleInUse({ isDefaultMember: false, directoryIds: [id] })).toThrow(
    expect.objectContaining({ code: 'role_in_use', details: { directory_ids: [publicId('dir', id)] } }),
  );
});

it('names each unknown role once, ten at most; case counts', () => {
  expect(() => refuseUnknownRoles(['admin', 'admin'], ['admin', 'other'])).not.toThrow();
  expect(() => refuseUnknownRoles(['Admin', 'x', 'x'], ['admin'])).toThrow(
    expect.objectContaining({ code: 'unknown_role', details: { role_names: ['Admin', 'x'] } }),
  );
  const many = Array.from({ length: 12 }, (_, index) => `role${index}`);
  expect(() => refuseUnknownRoles(many, [])).toThrow(
    expect.objectContaining({ details: { role_names: many.slice(0, 10) } }),
  );
});

it('names unknown groups by their public ids', () => {
  const id = newId();
  expect(() => refuseUnknownGroups([])).not.toThrow();
  expect(() => refuseUnknownGroups([id])).toThrow(
    expect.objectContaining({ code: 'unknown_group', details: { group_ids: [publicId('dirgroup', id)] } }),
  );
});
