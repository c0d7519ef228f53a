import { describe, expect, it } from 'vitest';
import { applyPatch, ENTERPRISE_USER_URN, readResource, userResourceType } from '@rollcall/scim';
import type { JsonValue, ScimResource } from '@rollcall/scim';
import { settleManager, withManagerName } from './settle-manager';

const DIRECTORY = '01kahx0000000000000000d001';
const BOSS = '01kahx0000000000000000a002';
const unknown = { directoryId: DIRECTORY, managerName: null };
const known = { directoryId: DIRECTORY, managerName: 'Ada Boss' };

function userOf(manager: JsonValue): ScimResource {
  const body = { userName: 'u', [ENTERPRISE_USER_URN]: { department: 'Sales', manager } };
  return readResource(body, userResourceType).resource;
}

function managerOf(resource: ScimResource): unknown {
  return (resource[ENTERPRISE_USER_URN] as { manager?: unknown } | undefined)?.manager;
}

const settle = (manager: JsonValue) => managerOf(settleManager(null, userOf(manager), unknown));

describe('settleManager', () => {
  it.each([
    `https://sync.example.com/scim/${DIRECTORY}/v2/Users/${BOSS}`,
    `http://localhost:4000/scim/${DIRECTORY}/v2/Users/${BOSS}/`,
    `/scim/${DIRECTORY}/v2/users/${BOSS}`,
    `../Users/${BOSS}`,
    `/Users/${BOSS}`,
    `Users/${BOSS}`,
  ])('reads the id from %s', ($ref) => {
    expect(settle({ $ref })).toEqual({ $ref, value: BOSS });
  });

  it.each([
    `https://elsewhere.example.com/scim/v2/Users/${BOSS}`,
    `https://sync.example.com/scim/01kahx0000000000000000d002/v2/Users/${BOSS}`,
    `https://sync.example.com/scim/${DIRECTORY}/v2/Groups/${BOSS}`,
    `../Users/ada@example.com`,
    `../Users/${BOSS}/photo`,
    '',
    '../'.repeat(50_000),
    'Users/'.repeat(50_000),
  ])('reads no id from another reference (%#)', ($ref) => {
    expect(settle({ $ref })).toEqual({ $ref });
  });

  it('lets a value go before a reference', () => {
    const manager = { value: 'ext-77', $ref: `../Users/${BOSS}` };
    expect(settle(manager)).toEqual(manager);
  });

  it('follows a reference that a PATCH changes', () => {
    const before = userOf({ value: 'ext-77', displayName: 'Outside Boss' });
    for (const operation of [
      { op: 'replace' as const, path: `${ENTERPRISE_USER_URN}:manager.$ref`, value: `../Users/${BOSS}` },
      { op: 'add' as const, path: 'manager', value: { $ref: `../Users/${BOSS}` } },
    ]) {
      const next = applyPatch(before, [operation], userResourceType, { strict: false }).resource;
      expect(managerOf(settleManager(before, next, unknown))).toEqual({ $ref: `../Users/${BOSS}`, value: BOSS });
    }
  });

  it('keeps the name that was sent of somebody from elsewhere', () => {
    const manager = { value: 'ext-77', displayName: 'Outside Boss' };
    expect(settle(manager)).toEqual(manager);
    const renamed = userOf({ ...manager, displayName: 'Other Name' });
    expect(settleManager(userOf(manager), renamed, unknown)).toEqual(renamed);
  });

  it.each([
    [{ value: BOSS }, { value: BOSS, displayName: 'Ada Boss' }],
    [
      { value: BOSS, displayName: 'Boss, Ada' },
      { value: BOSS, displayName: 'Ada Boss' },
    ],
    [{ value: BOSS, displayName: 'Boss, Ada' }, { value: BOSS }],
  ])('takes no change from a name for a user of the directory: %j, then %j', (stored, sent) => {
    const current = userOf(stored);
    expect(settleManager(current, userOf(sent), known)).toEqual(current);
  });

  it('leaves the name behind with the manager it belonged to', () => {
    const next = userOf({ value: 'ext-77', displayName: 'Outside Boss' });
    expect(settleManager(userOf({ value: BOSS, displayName: 'Boss, Ada' }), next, known)).toEqual(next);
  });

  it.each([null, 'ext-77', { displayName: 'Outside Boss' }])(
    'leaves a user alone without anything to settle (%j)',
    (manager) => {
      const user = userOf(manager);
      expect(settleManager(null, user, unknown)).toEqual(user);
    },
  );
});

describe('withManagerName', () => {
  it('shows the name without changing what is stored', () => {
    const user = userOf({ value: BOSS, displayName: 'Boss, Ada' });
    expect(managerOf(withManagerName(user, 'Ada Boss'))).toEqual({ value: BOSS, displayName: 'Ada Boss' });
    expect(managerOf(user)).toEqual({ value: BOSS, displayName: 'Boss, Ada' });
    expect(withManagerName({ userName: 'u' }, 'Ada Boss')).toEqual({ userName: 'u' });
  });
});
