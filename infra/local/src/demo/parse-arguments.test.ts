import { expect, it } from 'vitest';
import { parseArguments } from './parse-arguments';

it('runs a small company on Okta and stays open unless told otherwise', () => {
  expect(parseArguments([])).toEqual({ once: false, keep: false, idp: 'okta', people: 12, help: false });
  expect(parseArguments(['--once', '--idp', 'entra', '--people', '50', '--keep'])).toMatchObject({
    once: true,
    keep: true,
    idp: 'entra',
    people: 50,
  });
});

it.each([
  [['--people', '3'], '--people must be a whole number from 4 to 5000, not "3".'],
  [['--people', 'many'], '--people must be a whole number from 4 to 5000, not "many".'],
  [
    ['--idp', 'toString'],
    '--idp must be one of okta, okta-custom, entra, entra-flag, jumpcloud, onelogin, generic, not "toString".',
  ],
  [['--fast'], "Unknown option '--fast'"],
])('refuses %j with one sentence', (argv, message) => {
  expect(() => parseArguments(argv)).toThrow(message);
});
