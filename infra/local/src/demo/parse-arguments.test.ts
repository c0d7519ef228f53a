import { expect, it } from 'vitest';
import { DEMO_PROVIDERS, parseArguments } from './parse-arguments';

it('runs a small company on Okta and stays open unless told otherwise', () => {
  expect(parseArguments([])).toEqual({ once: false, keep: false, idps: ['okta'], people: 12, help: false });
  expect(parseArguments(['--once', '--idp', 'entra', '--people', '50', '--keep'])).toMatchObject({
    once: true,
    keep: true,
    idps: ['entra'],
    people: 50,
  });
  expect(parseArguments(['--idp', 'all']).idps).toEqual(Object.keys(DEMO_PROVIDERS));
});

it.each([
  [['--people', '3'], '--people must be a whole number from 4 to 5000, not "3".'],
  [['--people', 'many'], '--people must be a whole number from 4 to 5000, not "many".'],
  [
    ['--idp', 'toString'],
    '--idp must be one of okta, okta-custom, entra, entra-flag, jumpcloud, onelogin, generic or all, not "toString".',
  ],
  [['--fast'], "Unknown option '--fast'"],
])('refuses %j with one sentence', (argv, message) => {
  expect(() => parseArguments(argv)).toThrow(message);
});
