import {
  applyPatch,
  evaluateFilter,
  parseFilter,
  parsePatchRequest,
  readResource,
  userResourceType,
} from '@rollcall/scim';
import type { Sample } from './sample';
import type { Scenario } from './scenario';

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

/** The protocol core: what a request costs before and after the database, in operations per second of one core. */
export const coreScenarios: readonly Scenario[] = describeCore().map(({ name, atLeast, run }) => ({
  name: `core: ${name}`,
  quick: true,
  prepare: (world) => {
    const roundMs = world.quick ? 150 : 500;
    return Promise.resolve({
      contenders: [{ name: 'one core', run: () => Promise.resolve(measureCpu(run, roundMs)) }],
      goals: atLeast === undefined ? [] : [{ of: 'one core', metric: 'perSecond', atLeast }],
    });
  },
}));

function describeCore(): { name: string; atLeast?: number; run: () => unknown }[] {
  const { resource } = readResource(USER, userResourceType);
  let n = 0;
  return [
    {
      name: 'parse a filter: userName eq "…"',
      atLeast: 500_000,
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
      atLeast: 50_000,
      run: () => applyPatch(resource, parsePatchRequest(PATCH), userResourceType, { strict: false }),
    },
  ];
}

/** Calls between two looks at the clock: the look must not cost more than the work. */
const BATCH = 64;

/** By the CPU time of this process, so that other programs do not matter. */
function measureCpu(run: () => unknown, roundMs: number): Sample {
  const start = process.cpuUsage();
  for (let operations = BATCH; ; operations += BATCH) {
    for (let call = 0; call < BATCH; call++) run();
    const { user, system } = process.cpuUsage(start);
    const cpuMs = (user + system) / 1000;
    if (cpuMs >= roundMs) return { perSecond: (operations * 1000) / cpuMs, serverCpuMs: cpuMs / operations };
  }
}
