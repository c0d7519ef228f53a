import { describe, expect, it } from 'vitest';
import { chooseScenarios } from './choose-scenarios';
import { SECTIONS } from './sections';

const SCENARIOS = [
  { name: 'create user', quick: true },
  { name: 'create user, worker on' },
  { name: 'read user (by id)', quick: true },
  { name: 'import for an hour', once: true },
];

function namesOf(options: { only?: string; quick?: boolean }): string[] {
  return chooseScenarios(SCENARIOS, { quick: false, ...options }).map(({ name }) => name);
}

describe('chooseScenarios', () => {
  it('takes all but what is done once, and with quick those that are', () => {
    expect(namesOf({})).toHaveLength(3);
    expect(namesOf({ quick: true })).toEqual(['create user', 'read user (by id)']);
  });

  it('takes the one that is called so, whatever its name means as a pattern', () => {
    expect(namesOf({ only: 'Create User' })).toEqual(['create user']);
    expect(namesOf({ only: 'read user (by id)' })).toEqual(['read user (by id)']);
  });

  it('takes those that match where none is called so, the slow ones too when it shall be quick', () => {
    expect(namesOf({ only: 'import' })).toEqual(['import for an hour']);
    expect(namesOf({ only: '^create', quick: true })).toEqual(['create user', 'create user, worker on']);
    expect(namesOf({ only: 'delete' })).toEqual([]);
  });

  it('says of a pattern that is none what is wrong with it', () => {
    expect(() => namesOf({ only: 'user (' })).toThrow(SyntaxError);
  });
});

describe('SECTIONS', () => {
  it('gives every scenario a name of its own, by which it can be run', () => {
    const names = SECTIONS.flatMap(({ scenarios }) => scenarios.map(({ name }) => name.toLowerCase()));
    expect(new Set(names).size).toBe(names.length);
  });
});
