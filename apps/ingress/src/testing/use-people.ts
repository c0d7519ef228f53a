import { beforeAll } from 'vitest';
import { scimClient } from './scim-client';
import type { ScimBody, ScimClient } from './scim-client';
import type { ScimSuite } from './use-scim';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const BADGE = 'urn:acme:params:scim:schemas:extension:badge:2.0:User';

/** Sends requests to the directory of the people. */
export let client: ScimClient;
export let people: Record<'ann' | 'bob' | 'cem' | 'dora' | 'Emil' | 'nil', ScimBody>;

/** What they are made with. */
export const PEOPLE = {
  ann: {
    externalId: 'A1',
    active: true,
    title: 'Engineer',
    name: { givenName: 'Ann', familyName: 'Öz' },
    emails: [
      { value: 'zoe@home.example', type: 'home' },
      { value: 'ann@work.example', type: 'work', primary: true },
    ],
    [ENTERPRISE]: { department: 'Sales', employeeNumber: '7' },
    [BADGE]: { level: 3, colors: ['red', 'blue'] },
  },
  bob: {
    externalId: 'B1',
    active: false,
    title: 'engineer',
    name: { givenName: 'Bob', familyName: 'Ünal' },
    emails: [{ value: 'bob@work.example', type: 'work' }],
    [ENTERPRISE]: { department: 'Support', employeeNumber: '10' },
    [BADGE]: { level: 10 },
  },
  cem: { externalId: 'a1', title: 'Sales "lead" \\ EMEA', name: { givenName: 'Cem' }, emails: [] },
  dora: { title: 'Buchhalterin', displayName: 'Dora', emails: [{ value: 'dora@work.example', type: 'WORK' }] },
  Emil: { title: '', displayName: 'emil' },
  nil: {},
};

/** Registers a hook that makes a directory that nobody else writes to: six people, one of them without most attributes, and two groups. */
export function usePeople(suite: ScimSuite): void {
  beforeAll(async () => {
    client = scimClient(await suite.seed());
    const made: [string, ScimBody][] = [];
    for (const [userName, attributes] of Object.entries(PEOPLE)) {
      made.push([userName, await suite.makeUser({ userName, ...attributes }, client)]);
      // Times are told in milliseconds.
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    people = Object.fromEntries(made) as typeof people;
    await client('POST', '/Groups', {
      displayName: 'Staff',
      members: [{ value: people.ann.id }, { value: people.bob.id }],
    });
    await client('POST', '/Groups', { displayName: 'Empty' });
  });
}
