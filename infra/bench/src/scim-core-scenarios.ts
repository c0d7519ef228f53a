import {
  applyPatch,
  evaluateFilter,
  parseFilter,
  parsePatchRequest,
  readResource,
  userResourceType,
} from '@rollcall/scim';
import type { Scenario } from './measure-rounds';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

/** A user as Okta creates it. */
const USER = {
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', ENTERPRISE],
  userName: 'ada.lovelace@example.com',
  name: { givenName: 'Ada', familyName: 'Lovelace' },
  displayName: 'Ada Lovelace',
  emails: [{ value: 'ada.lovelace@example.com', type: 'work', primary: true }],
  externalId: '00u1a2b3c4d5e6f7g8h9',
  locale: 'en-US',
  groups: [],
  password: 'placeholder',
  active: true,
  [ENTERPRISE]: { department: 'Engineering', employeeNumber: '701984' },
};

/** Four operations as Entra ID sends them in one request. */
const PATCH = {
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations: [
    { op: 'Replace', path: 'emails[type eq "work"].value', value: 'ada@example.com' },
    { op: 'Replace', path: 'name.familyName', value: 'King' },
    { op: 'Add', path: `${ENTERPRISE}:department`, value: 'Analysis' },
    { op: 'Replace', path: 'active', value: 'False' },
  ],
};

/** The protocol core: what a request costs before and after the database. */
export function scimCoreScenarios(): Scenario[] {
  const { resource } = readResource(USER, userResourceType);
  let n = 0;
  return [
    {
      name: 'parse a filter: userName eq "…"',
      goalPerSecond: 500_000,
      run: () => parseFilter(`userName eq "user${n++ % 1000}@example.com"`),
    },
    {
      name: 'parse and evaluate emails[type eq "work"].value eq "…" and active eq true',
      run: () =>
        evaluateFilter(
          parseFilter('emails[type eq "work"].value eq "ada.lovelace@example.com" and active eq true'),
          resource,
          userResourceType,
        ),
    },
    { name: 'read a POST body of a user', run: () => readResource(USER, userResourceType) },
    {
      name: 'parse and apply a PATCH of four operations to a user',
      goalPerSecond: 50_000,
      run: () => applyPatch(resource, parsePatchRequest(PATCH), userResourceType, { strict: false }),
    },
  ];
}
