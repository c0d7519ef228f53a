import { describe, expect, it } from 'vitest';
import { applyPatchInSteps } from './patch/apply-patch';
import { parsePatchRequestInSteps } from './patch/parse-patch-request';
import type { PatchOperation } from './patch/parse-patch-request';
import { planGroupPatchInSteps } from './patch/plan-group-patch';
import { readResource, readResourceInSteps } from './resource/read-resource';
import { runAtOnce } from './run-at-once';
import { groupResourceType, userResourceType } from './schema/resource-types';

const OPERATIONS = 99;
const MEMBERS = 12_000;
const strict = false;

const FILTER = Array.from({ length: 100 }, (_, n) => `value eq "n${n}@x.co"`).join(' or ');
const PATHS = Array.from({ length: OPERATIONS }, (_, n) => `emails[${FILTER.replace('n0@', `m${n}@`)}].display`);

const operations = PATHS.map((path): PatchOperation => ({ op: 'add', path, value: 'x' }));
const keys = Object.fromEntries(PATHS.map((path) => [path, 'x']));
/** Some of them twice. */
const members = Array.from({ length: MEMBERS }, (_, n) => ({
  value: `u${n % (MEMBERS - 10)}`,
  display: 'Ann',
  type: 'User',
}));
const emails = Array.from({ length: 100 }, (_, n) => ({ value: `n${n}@x.co`, type: 'work' }));
const user = readResource({ userName: 'ann', emails }, userResourceType).resource;

/** How often others may go on until the work is done. */
function countSteps<Result>(work: Generator<void, Result>): number {
  for (let steps = 0; ; steps++) if (work.next().done) return steps;
}

describe('work that may be large', () => {
  it.each([
    ['parsing a PATCH', () => parsePatchRequestInSteps({ Operations: operations }), OPERATIONS],
    [
      'applying operations with long filters',
      () => applyPatchInSteps(user, operations.slice(0, 5), userResourceType, { strict }),
      10,
    ],
    [
      'applying one operation of many paths',
      () => applyPatchInSteps(user, [{ op: 'add', value: keysOf(5) }], userResourceType, { strict }),
      10,
    ],
    [
      'planning a PATCH of a group with long filters',
      () => planGroupPatchInSteps(operations, groupResourceType),
      OPERATIONS,
    ],
    [
      'planning one operation of many paths',
      () => planGroupPatchInSteps([{ op: 'add', value: keys }], groupResourceType),
      OPERATIONS,
    ],
    [
      'planning a PATCH of many members',
      () => planGroupPatchInSteps([{ op: 'add', path: 'members', value: members }], groupResourceType),
      20,
    ],
    ['reading many members', () => readResourceInSteps({ displayName: 'G', members }, groupResourceType), 11],
    [
      'reading keys that are paths',
      () => readResourceInSteps({ userName: 'ann', emails, ...keysOf(5) }, userResourceType),
      5,
    ],
  ])('may be interrupted: %s', (_name, work: () => Generator<void, unknown>, times) => {
    expect(countSteps(work())).toBeGreaterThanOrEqual(times);
  });

  it('of a usual size is not made longer by that: a few members are one step', () => {
    expect(
      countSteps(readResourceInSteps({ displayName: 'G', members: members.slice(0, 999) }, groupResourceType)),
    ).toBe(0);
  });
});

function keysOf(count: number): Record<string, string> {
  return Object.fromEntries(Object.entries(keys).slice(0, count));
}

it('gives what the work returns, and throws what it throws', () => {
  expect(runAtOnce(readResourceInSteps({ displayName: 'G', members }, groupResourceType)).members).toEqual([
    ...new Set(members.map(({ value }) => value)),
  ]);
  expect(() => runAtOnce(parsePatchRequestInSteps({ Operations: [{ op: 'nope' }] }))).toThrow(
    'The "op" of operation 1',
  );
});
