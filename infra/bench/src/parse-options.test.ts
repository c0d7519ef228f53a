import { describe, expect, it } from 'vitest';
import { HELP, parseOptions } from './parse-options';

describe('parseOptions', () => {
  it('measures in five rounds, up to twice as many while they disagree, beside the rivals', () => {
    expect(parseOptions([])).toEqual({
      kind: 'measure',
      options: {
        quick: false,
        rounds: 5,
        moreRounds: 5,
        rivals: true,
        publish: false,
        output: 'infra/bench/results/latest',
      },
    });
  });

  it('takes three rounds and no more when it shall be quick', () => {
    const parsed = parseOptions(['--quick', '--only', 'create user']);
    expect(parsed).toMatchObject({ options: { quick: true, rounds: 3, moreRounds: 0, only: 'create user' } });
  });

  it('tells its options and its scenarios without measuring', () => {
    expect(parseOptions(['--help'])).toEqual({ kind: 'help' });
    expect(parseOptions(['--list'])).toEqual({ kind: 'list' });
    for (const option of ['--quick', '--only', '--list', '--publish']) expect(HELP).toContain(`\n  ${option} `);
  });

  it('times a backup of a million users, or of as many as are given', () => {
    expect(parseOptions(['--backup'])).toEqual({ kind: 'backup', users: 1_000_000 });
    expect(parseOptions(['--backup', '--users', '20000'])).toEqual({ kind: 'backup', users: 20_000 });
  });

  it('works out the capacity of the sizes that are shown, or of one that is given', () => {
    expect(parseOptions(['--capacity'])).toEqual({ kind: 'capacity' });
    expect(parseOptions(['--capacity', '--organizations', '2000'])).toEqual({
      kind: 'capacity',
      demand: { organizations: 2_000, usersPerOrganization: 500 },
    });
    expect(() => parseOptions(['--capacity', '--users', 'many'])).toThrow('--users');
    expect(() => parseOptions(['--users', '5'])).toThrow('--organizations and --users go with --capacity');
  });

  it('publishes only what is measured in full', () => {
    expect(parseOptions(['--publish'])).toMatchObject({ options: { publish: true } });
    for (const part of [['--quick'], ['--no-rivals'], ['--rounds', '2']]) {
      expect(() => parseOptions(['--publish', ...part])).toThrow('measured in full');
    }
  });

  it('refuses what does not fit together, and what is no number of rounds', () => {
    expect(() => parseOptions(['--soak', '--quick'])).toThrow('runs no scenarios');
    expect(() => parseOptions(['--minutes', '3'])).toThrow('goes with --soak');
    expect(() => parseOptions(['--rounds', 'many'])).toThrow('--rounds takes a whole number');
    expect(() => parseOptions(['--fast'])).toThrow('--fast');
  });
});
