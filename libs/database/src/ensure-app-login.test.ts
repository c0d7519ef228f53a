import { expect, it } from 'vitest';
import { listStatements } from './ensure-app-login';
import type { AppLoginFacts } from './ensure-app-login';
import { hashLoginPassword } from './hash-login-password';

const nothing: AppLoginFacts = {
  login: 'rollcall_app',
  hasRole: false,
  hasLogin: false,
  isMember: false,
  opens: false,
  database: 'roll"call',
  mayConnect: true,
};
const ready: AppLoginFacts = { ...nothing, hasRole: true, hasLogin: true, isMember: true, opens: true };

it.each<[string, AppLoginFacts, string[]]>([
  ['nothing when all is there', ready, []],
  ['the role with a login', nothing, [`CREATE ROLE "rollcall_app" LOGIN PASSWORD 'x'`]],
  ['a login for the role that had none', { ...ready, opens: false }, [`ALTER ROLE "rollcall_app" LOGIN PASSWORD 'x'`]],
  [
    'the role and another login',
    { ...nothing, login: 'a"b' },
    ['CREATE ROLE rollcall_app NOLOGIN', `CREATE ROLE "a""b" LOGIN PASSWORD 'x'`, 'GRANT rollcall_app TO "a""b"'],
  ],
  ['a membership', { ...ready, login: 'app', isMember: false }, ['GRANT rollcall_app TO "app"']],
  [
    'the way into a database that is closed to everybody',
    { ...ready, mayConnect: false },
    ['GRANT CONNECT, TEMPORARY ON DATABASE "roll""call" TO rollcall_app'],
  ],
])('makes what is missing: %s', (_, facts, statements) => {
  expect(listStatements(facts, 'x')).toEqual(statements);
});

it('makes a role without a login where no login is asked for, and one without a password where the URL has none', () => {
  expect(listStatements({ ...nothing, opens: true }, undefined)).toEqual(['CREATE ROLE "rollcall_app" NOLOGIN']);
  expect(listStatements(nothing, '')).toEqual(['CREATE ROLE "rollcall_app" LOGIN']);
});

it('sends a verifier of the password, as RFC 5803 has it', () => {
  // RFC 7677, section 3.
  const salt = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64');
  expect(hashLoginPassword('pencil', salt)).toBe(
    'SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=',
  );
});
