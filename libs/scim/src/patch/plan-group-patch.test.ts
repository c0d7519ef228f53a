import { describe, expect, it } from 'vitest';
import { refusal } from '../fixtures/refusal';
import { GROUP_URN } from '../schema/group-schema';
import { groupResourceType, userResourceType } from '../schema/resource-types';
import type { PatchOperation } from './parse-patch-request';
import { planGroupPatch } from './plan-group-patch';

const plan = (...operations: PatchOperation[]) => planGroupPatch(operations, groupResourceType);
const steps = (...operations: PatchOperation[]) => plan(...operations).membership;

describe('planGroupPatch', () => {
  it('separates members from the rest', () => {
    const rename: PatchOperation = { op: 'replace', path: 'displayName', value: 'g' };
    const operations: PatchOperation[] = [
      { op: 'add', path: 'members', value: [{ value: 'a', display: 'A' }, { value: 'b' }] },
      rename,
      { op: 'remove', path: 'members[value eq "c"]' },
    ];
    expect(plan(...operations)).toEqual({
      attributeOperations: [rename],
      membership: [
        { kind: 'remove', members: ['c'] },
        { kind: 'add', members: ['a', 'b'] },
      ],
    });
  });

  it('knows members by qualified name and in any case', () => {
    expect(steps({ op: 'add', path: `${GROUP_URN}:MEMBERS`, value: { value: 'a' } })).toEqual([
      { kind: 'add', members: ['a'] },
    ]);
  });

  it('takes members out of a value without path and leaves the rest', () => {
    expect(plan({ op: 'replace', value: { Members: [{ value: 'a' }], id: 'g1', displayName: 'g' } })).toEqual({
      attributeOperations: [{ op: 'replace', value: { id: 'g1', displayName: 'g' } }],
      membership: [{ kind: 'replace', members: ['a'] }],
    });
    expect(plan({ op: 'add', value: { [GROUP_URN]: { members: [{ value: 'a' }] } } })).toEqual({
      attributeOperations: [],
      membership: [{ kind: 'add', members: ['a'] }],
    });
    expect(plan({ op: 'add', path: GROUP_URN, value: { members: [{ value: 'a' }], displayName: 'g' } })).toEqual({
      attributeOperations: [{ op: 'add', path: GROUP_URN, value: { displayName: 'g' } }],
      membership: [{ kind: 'add', members: ['a'] }],
    });
  });

  it('removes all on remove without value, on replace by nothing', () => {
    expect(steps({ op: 'remove', path: 'members' })).toEqual([{ kind: 'removeAll' }]);
    expect(steps({ op: 'remove', path: 'members', value: null })).toEqual([{ kind: 'removeAll' }]);
    expect(steps({ op: 'replace', path: 'members', value: [] })).toEqual([{ kind: 'removeAll' }]);
    expect(steps({ op: 'replace', path: 'members', value: null })).toEqual([{ kind: 'removeAll' }]);
    expect(steps({ op: 'replace', value: { members: [] } })).toEqual([{ kind: 'removeAll' }]);
  });

  it('plans nothing for an add of nothing or a remove of an empty list', () => {
    expect(steps({ op: 'add', path: 'members', value: [] }, { op: 'add', path: 'members', value: null })).toEqual([]);
    expect(steps({ op: 'remove', path: 'members', value: [] })).toEqual([]);
  });

  it('comes to one removal and one addition, the last operation on a member deciding', () => {
    const member = (op: PatchOperation['op'], value: string): PatchOperation => ({
      op,
      path: 'members',
      value: { value },
    });
    const operations = [
      member('add', 'a'),
      member('remove', 'b'),
      member('add', 'b'),
      member('remove', 'a'),
      member('add', 'c'),
    ];
    expect(steps(...operations)).toEqual([
      { kind: 'remove', members: ['a'] },
      { kind: 'add', members: ['b', 'c'] },
    ]);
    expect(steps(...operations, { op: 'remove', path: 'members' })).toEqual([{ kind: 'removeAll' }]);
    expect(steps({ op: 'remove', path: 'members' }, ...operations)).toEqual([{ kind: 'replace', members: ['b', 'c'] }]);
    expect(steps(...operations, member('replace', 'd'), member('remove', 'd'))).toEqual([{ kind: 'removeAll' }]);
  });

  it('reads several ids in one filter, and a type beside an id', () => {
    expect(steps({ op: 'remove', path: 'members[value eq "a" or value eq "b" or value eq "a"]' })).toEqual([
      { kind: 'remove', members: ['a', 'b'] },
    ]);
    expect(steps({ op: 'remove', path: 'members[type eq "User" and value eq "a"]' })).toEqual([
      { kind: 'remove', members: ['a'] },
    ]);
    expect(steps({ op: 'remove', path: 'members[value eq "a"].value' })).toEqual([{ kind: 'remove', members: ['a'] }]);
  });

  it('reads a write to a selected member', () => {
    expect(steps({ op: 'add', path: 'members[value eq "a"]', value: { display: 'A' } })).toEqual([
      { kind: 'add', members: ['a'] },
    ]);
    expect(steps({ op: 'replace', path: 'members[value eq "a"]', value: [{ value: 'b' }] })).toEqual([
      { kind: 'remove', members: ['a'] },
      { kind: 'add', members: ['b'] },
    ]);
    expect(steps({ op: 'replace', path: 'members[value eq "a"]', value: null })).toEqual([
      { kind: 'remove', members: ['a'] },
    ]);
    expect(steps({ op: 'replace', path: 'members[value eq "a"].display', value: 'A' })).toEqual([]);
  });

  it.each<[PatchOperation, string]>([
    [{ op: 'remove', path: 'members[display eq "A"]' }, '400 invalidFilter'],
    [{ op: 'remove', path: 'members[value ne "a"]' }, '400 invalidFilter'],
    [{ op: 'remove', path: 'members[value eq "a" and display eq "A"]' }, '400 invalidFilter'],
    [{ op: 'remove', path: 'members[' }, '400 invalidPath'],
    [{ op: 'add', path: 'members' }, '400 invalidValue'],
    [{ op: 'add', path: 'members', value: [{ display: 'A' }] }, '400 invalidValue'],
    [{ op: 'add', path: 'members', value: [true] }, '400 invalidValue'],
    [{ op: 'replace', path: 'members.value', value: 'a' }, '400 mutability'],
    [{ op: 'replace', path: 'members.display', value: 'a' }, '400 invalidPath'],
    [{ op: 'add', path: 'members[value eq "a"].value', value: 'b' }, '400 mutability'],
  ])('refuses %j with %s', (operation, expected) => {
    expect(refusal(() => plan(operation))).toBe(expected);
  });

  it('refuses more than 100,000 member values in one request with 413', () => {
    const members = (from: number, count: number) =>
      Array.from({ length: count }, (_, index) => ({ value: `${from + index}` }));
    const halves: PatchOperation[] = [
      { op: 'add', path: 'members', value: members(0, 60_000) },
      { op: 'add', path: 'members', value: members(60_000, 40_000) },
    ];
    expect(steps(...halves)).toMatchObject([{ members: { length: 100_000 } }]);
    expect(refusal(() => plan(...halves, { op: 'remove', path: 'members[value eq "x"]' }))).toBe('413');
    expect(refusal(() => plan({ op: 'add', path: 'members', value: members(0, 100_001) }))).toBe('413');
  });

  it('leaves operations alone for a type without members', () => {
    const operation: PatchOperation = { op: 'add', path: 'members', value: ['a'] };
    expect(planGroupPatch([operation], userResourceType)).toEqual({ attributeOperations: [operation], membership: [] });
  });
});
