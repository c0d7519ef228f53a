import { expect, it } from 'vitest';
import { describePower } from './check-runtime-login';
import type { LoginFacts } from './check-runtime-login';

const plain: LoginFacts = {
  login: 'app',
  isSuperuser: false,
  bypassesRowSecurity: false,
  grantsItself: false,
  owner: null,
  stronger: null,
  actsAsApplication: true,
};

it('lets a login run that can become nobody beyond the application', () => {
  expect(describePower(plain)).toBeNull();
});

it.each<[Partial<LoginFacts>, string]>([
  [{ isSuperuser: true, owner: 'app', stronger: 'app' }, 'is a superuser'],
  [{ bypassesRowSecurity: true, stronger: 'app' }, 'may bypass row-level security (BYPASSRLS)'],
  [{ owner: 'app' }, 'owns the tables, the schema or the database'],
  [{ owner: 'boss' }, 'is a member of "boss", the owner'],
  [{ stronger: 'admin' }, 'may become "admin", which passes row-level security or reaches the server\'s files'],
  [{ grantsItself: true }, 'may make itself a member of the owner (CREATEROLE)'],
])('says what is wrong with a login: %j', (facts, power) => {
  expect(describePower({ ...plain, ...facts })).toBe(power);
});
