/** A user as Okta provisions it with its usual attribute mappings (`POST /Users`), about 1.2 kB; `n` makes it unique. */
export function buildOktaUser(n: number, overrides: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const givenName = GIVEN_NAMES[n % GIVEN_NAMES.length] ?? '';
  const familyName = `${FAMILY_NAMES[n % FAMILY_NAMES.length]}-${n}`;
  const userName = `${givenName}.${familyName}@example.com`.toLowerCase();
  return {
    schemas: [
      'urn:ietf:params:scim:schemas:core:2.0:User',
      'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
    ],
    userName,
    name: { givenName, familyName, formatted: `${givenName} ${familyName}` },
    emails: [
      { primary: true, value: userName, type: 'work' },
      { primary: false, value: `${givenName}${n}@home.example`.toLowerCase(), type: 'home' },
    ],
    phoneNumbers: [{ primary: true, value: `+1 555 ${String(n % 10_000_000).padStart(7, '0')}`, type: 'work' }],
    addresses: [
      {
        primary: true,
        type: 'work',
        streetAddress: `${n % 900} Market Street`,
        locality: 'San Francisco',
        region: 'CA',
        postalCode: '94105',
        country: 'US',
      },
    ],
    displayName: `${givenName} ${familyName}`,
    nickName: givenName,
    title: 'Engineer',
    userType: 'Employee',
    preferredLanguage: 'en-US',
    locale: 'en-US',
    timezone: 'America/Los_Angeles',
    externalId: `00u${String(n).padStart(17, '0')}`,
    active: true,
    groups: [],
    password: `1mz050nq${n}`,
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': {
      employeeNumber: String(100_000 + n),
      department: 'Engineering',
      division: 'Product',
      costCenter: `CC-${n % 50}`,
      organization: 'Example Inc.',
    },
    ...overrides,
  };
}

/** A group as Okta pushes it (`POST /Groups`); `memberIds` are SCIM ids of users. */
export function buildOktaGroup(n: number, memberIds: readonly string[] = []): Record<string, unknown> {
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
    displayName: `Team ${n}`,
    members: memberIds.map((value) => ({ value })),
  };
}

const GIVEN_NAMES = ['Ada', 'Grace', 'Edsger', 'Barbara', 'Donald', 'Frances', 'Alan', 'Radia', 'Ken', 'Margaret'];
const FAMILY_NAMES = ['Lovelace', 'Hopper', 'Dijkstra', 'Liskov', 'Knuth', 'Allen', 'Turing', 'Perlman', 'Thompson'];
