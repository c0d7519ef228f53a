import { describe, expect, it } from 'vitest';
import { buildPerson, divideSize, membersOf } from './import-size';

const SIZE = { users: 1_000, groups: 20, members: 250 };

describe('membersOf', () => {
  it('gives a group as many different users as it shall have, and every user as many groups', () => {
    const groups = Array.from({ length: SIZE.groups }, (_, group) => membersOf(group, SIZE));
    for (const members of groups) expect(new Set(members).size).toBe(SIZE.members);
    const counts = new Map<number, number>();
    for (const user of groups.flat()) counts.set(user, (counts.get(user) ?? 0) + 1);
    expect(counts.size).toBe(SIZE.users);
    expect(new Set(counts.values())).toEqual(new Set([5]));
  });

  it('finds its users also in the share of one directory of many', () => {
    const share = divideSize(SIZE, 2);
    expect(share).toEqual({ users: 500, groups: 10, members: 250 });
    expect(Math.max(...membersOf(9, share))).toBeLessThan(500);
  });
});

describe('buildPerson', () => {
  it('makes people of different names', () => {
    expect(buildPerson(1).userName).not.toBe(buildPerson(11).userName);
    expect(buildPerson(1)).toMatchObject({ email: buildPerson(1).userName, department: 'Engineering' });
  });
});
