import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { bundleProgram, SCALEKIT_CLIENT } from '@rollcall/testing';
import type { ScalekitOrganization } from '@rollcall/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PUBLIC_URL, SECRET_KEY, tokenOf, useImport } from './use-import.test-support';
import type { Outcome } from './use-import.test-support';

const suite = useImport();

/** All that an import makes, times left out. */
async function readAll(): Promise<object> {
  return {
    organizations: await suite.read(
      'SELECT id, display_name, external_id, metadata, dir_sync_enabled, external_ids FROM organizations ORDER BY id',
    ),
    directories: await suite.read(
      'SELECT id, organization_id, name, directory_provider, enabled, external_ids FROM directories ORDER BY id',
    ),
    aliases: await suite.read('SELECT alias, directory_id FROM directory_aliases ORDER BY alias'),
    secrets: await suite.read(
      'SELECT directory_id, secret_hash, name FROM directory_secrets ORDER BY directory_id, secret_hash',
    ),
    roles: await suite.read('SELECT role_name, display_name, description FROM roles ORDER BY role_name'),
    environments: await suite.read('SELECT id, default_member_role FROM environments'),
    users: await suite.read('SELECT directory_id, id, resource, active FROM directory_users ORDER BY directory_id, id'),
    groups: await suite.read('SELECT directory_id, id, resource FROM directory_groups ORDER BY directory_id, id'),
    members: await suite.read('SELECT * FROM memberships ORDER BY directory_id, group_id, member_id'),
    published: await suite.read('SELECT directory_id, id, data FROM published_users ORDER BY directory_id, id'),
    counters: await suite.read(
      'SELECT directory_id, total_users, total_groups FROM directory_counters ORDER BY directory_id',
    ),
    created: await suite.read("SELECT resource_id FROM changes WHERE kind = 'directory_written' ORDER BY resource_id"),
  };
}

const PROVIDERS = ['OKTA', 'MICROSOFT_AD', 'JUMPCLOUD', 'GOOGLE', 'AUTH0'];

/** A thousand customers; every second one has a directory, and every tenth two. */
function buildOrganizations(): ScalekitOrganization[] {
  return Array.from({ length: 1_000 }, (_, n) => {
    const id = `org_${58_000_000_000 + n}`;
    const directories = Array.from({ length: n % 2 === 1 ? 0 : n % 10 === 0 ? 2 : 1 }, (__, m) => ({
      id: `dir_${59_000_000_000 + n * 10 + m}`,
      name: m === 0 ? `Customer ${n}` : '',
      directory_type: 'SCIM',
      directory_provider: PROVIDERS[n % PROVIDERS.length],
      organization_id: id,
      enabled: n % 7 !== 0,
      directory_endpoint: `https://auth.app.example/directory/dir_${59_000_000_000 + n * 10 + m}/scim/v2`,
      role_assignments: {
        assignments:
          n % 250 === 0 && m === 0
            ? ['admin', 'org_only'].map((role_name) => ({ group_id: 'dirgroup_1', role_name }))
            : [],
      },
      attribute_mappings: {
        attributes:
          n % 500 === 0
            ? [
                { key: 'title', map_to: 'job' },
                { key: '= title', map_to: 'other' },
              ]
            : [],
      },
      status: 'COMPLETED',
      ...(n % 250 === 0 && m === 0
        ? { people: buildPeople(20 + n * 0.3), total_users: 20 + n * 0.3, total_groups: 2 }
        : { total_users: 0, total_groups: 0 }),
    }));
    return {
      id,
      create_time: new Date(Date.UTC(2025, 0, 1) + n * 60_000).toISOString(),
      display_name: `Customer ${n}`,
      external_id: n % 2 === 0 ? `tenant-${n}` : '',
      metadata: { plan: n % 3 === 0 ? 'business' : 'starter' },
      region_code: 'US',
      settings: { features: [{ name: 'dir_sync', enabled: true }] },
      directories,
    };
  });
}

/** Users, each of them in the first of two groups, and every second one in the other. */
function buildPeople(count: number) {
  const groups = ['Everybody', 'Engineering'].map((name, n) => ({
    id: `dirgroup_${n}`,
    display_name: name,
    total_users: count,
    group_detail: { external_id: `00g${n}` },
  }));
  const users = Array.from({ length: count }, (_, n) => ({
    id: `diruser_${n}`,
    email: `user-${n}@customer.test`,
    preferred_username: `user-${n}@customer.test`,
    given_name: 'User',
    family_name: String(n),
    emails: [`user-${n}@customer.test`],
    groups: groups.slice(0, 1 + (n % 2)).map(({ id, display_name }) => ({ id, display_name })),
    user_detail: { dp_id: `00u${n}`, active: n % 10 !== 9, department: 'Research' },
  }));
  return { users, groups };
}

const ROLES = [
  { id: 'role_1', name: 'admin', display_name: 'Administrator', description: 'May do all', default_member: false },
  { id: 'role_2', name: 'member', display_name: 'Member', description: '', default_member: true },
  { id: 'role_3', name: 'org_only', display_name: 'Theirs', description: '', is_org_role: true },
];

describe('an environment of a thousand organizations at Scalekit', () => {
  let tokens: string;

  beforeAll(async () => {
    suite.scalekit.organizations.push(...buildOrganizations());
    suite.scalekit.roles.push(...ROLES);
    const known = suite.scalekit.organizations.slice(0, 100).flatMap(({ directories }) => directories);
    tokens = await suite.writeTokens(known.map(({ id }) => `${id}, ${tokenOf(id)}`));
  });

  it('is imported as the dry run said, and a second run changes nothing', async () => {
    const before = await readAll();
    const planned = await suite.run({ tokens, 'dry-run': true });
    expect(planned).toMatchObject({ environment_id: suite.environment, applied: false, problems: [] });
    expect(await readAll()).toEqual(before);
    // 1,000 organizations, 600 directories, 60 of them with a token, 4 with roles of groups and 4 with attributes, two roles, the default one.
    expect(planned.plan).toHaveLength(1_000 + 600 + 60 + 4 + 4 + 2 + 1);

    suite.scalekit.refuse = 7;
    suite.scalekit.expireTokens();
    const done = await suite.run({ tokens });
    expect(done).toEqual({ ...planned, applied: true });

    const after = await readAll();
    expect(await suite.run({ tokens })).toEqual({ ...done, plan: [] });
    expect(await readAll()).toEqual(after);
    expect(done.people.map(({ users, groups }) => [users, groups])).toEqual([
      [20, 2],
      [95, 2],
      [170, 2],
      [245, 2],
    ]);
    const totals = await suite.read<{ users: number; groups: number; others: number }>(
      `SELECT sum(total_users)::int AS users, sum(total_groups)::int AS groups,
         (SELECT count(*)::int FROM changes WHERE kind NOT IN ('directory_written', 'rules_changed')) AS others FROM directory_counters`,
    );
    expect(totals).toEqual([{ users: 530, groups: 8, others: 0 }]);
    const [published] = await suite.read<{ data: string }>(
      `SELECT data FROM published_users WHERE data LIKE '%"user-239@customer.test"%' LIMIT 1`,
    );
    expect(JSON.parse(published?.data ?? '{}')).toMatchObject({
      dp_id: '00u239',
      active: false,
      department: 'Research',
      groups: expect.arrayContaining([
        expect.objectContaining({ name: 'Everybody' }),
        expect.objectContaining({ name: 'Engineering' }),
      ]),
      roles: [{ role_name: 'admin' }],
      external_ids: { scalekit: 'diruser_239' },
    });
    expect(
      await suite.read(`SELECT DISTINCT attribute_mappings FROM directories WHERE attribute_mappings <> '[]'`),
    ).toEqual([{ attribute_mappings: [{ key: 'title', map_to: 'job' }] }]);
    await expectAsPlanned(done);
    expectToDo(done);
  });

  /** What was made is what the plan says, by its own words. */
  async function expectAsPlanned({ plan }: Outcome): Promise<void> {
    const organizations = await suite.read<{
      id: string;
      display_name: string;
      external_id: string | null;
      metadata: object;
    }>('SELECT id, display_name, external_id, metadata FROM organizations ORDER BY id');
    const planned = plan.filter(({ what }) => what.startsWith('organization '));
    expect(organizations.map(({ id, ...row }) => ({ id: `org_${id}`, ...row }))).toEqual(
      planned.map(({ id, display_name, external_id, metadata }) => ({ id, display_name, external_id, metadata })),
    );
    const directories = await suite.read<{
      id: string;
      name: string;
      enabled: boolean;
      external_ids: { scalekit: string };
    }>('SELECT id, name, enabled, external_ids FROM directories');
    expect(directories.map(({ id, external_ids: ids }) => `directory ${ids.scalekit} dir_${id}`).toSorted()).toEqual(
      plan
        .filter(({ what }) => what.startsWith('directory '))
        .map(({ what, id }) => `${what} ${String(id)}`)
        .toSorted(),
    );
    expect(directories.filter(({ enabled }) => !enabled)).toHaveLength(
      plan.filter(({ what, enabled }) => what.startsWith('directory ') && enabled === false).length,
    );
  }

  it('comes to the same end when an import is killed in the middle and run again', async () => {
    const all = suite.scalekit.organizations.splice(200);
    const program = await bundleProgram(`
      import { importEnvironment } from '/infra/local/src/import/import-environment';
      const request = JSON.parse(process.env.REQUEST);
      await importEnvironment({
        ...request,
        keys: { secretKey: Buffer.from(request.secretKey, 'base64') },
        env: process.env,
        say: () => undefined,
        note: (text) => console.log(text),
      });
    `);
    const values = { argument: 'scalekit', from: suite.scalekit.baseUrl, tokens };
    const request = { ownerUrl: suite.database.ownerUrl, publicUrl: PUBLIC_URL, secretKey: SECRET_KEY, values };
    const planned = await suite.run({ tokens, 'dry-run': true });
    const child = spawn(process.execPath, [program.path], {
      env: { ...process.env, ...SCALEKIT_CLIENT, REQUEST: JSON.stringify(request) },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    child.stdout.on('data', (told: Buffer) => {
      if (/^200 of \d+ done/m.test(told.toString())) child.kill('SIGKILL');
    });
    const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
    await program.remove();
    expect(signal).toBe('SIGKILL');
    const [{ made } = { made: 0 }] = await suite.read<{ made: number }>(
      'SELECT count(*)::int AS made FROM organizations',
    );
    expect(made).toBeGreaterThan(0);
    expect(made).toBeLessThan(200);

    const rest = await suite.run({ tokens });
    expect(rest.plan.length).toBeLessThan(planned.plan.length);
    expect(rest.plan.length).toBeGreaterThan(0);
    // What was left is the end of what was planned: the plan has an order.
    expect(rest.plan).toEqual(planned.plan.slice(-rest.plan.length));
    expect(rest.directories).toEqual(planned.directories);
    expect((await suite.run({ tokens })).plan).toEqual([]);
    await expectAsPlanned(planned);
    suite.scalekit.organizations.push(...all);
  });

  /** The plan says of each directory what its administrator has to do. */
  function expectToDo({ directories }: Outcome): void {
    const toDo = new Map(directories.map(({ source_id: id, to_do, directory_id }) => [id, { to_do, directory_id }]));
    const [first, , last] = [toDo.get('dir_59000000000'), null, toDo.get('dir_59000009980')];
    expect(first?.to_do).toBe(
      'Nothing, once auth.app.example leads to this server. Set again: 1 role of a group, 1 attribute mapping.',
    );
    expect(last?.to_do).toBe(
      `Its administrator sets the base URL ${PUBLIC_URL}/scim/${last?.directory_id?.slice(4)}/v2 and a new token, which a portal link gives.`,
    );
  }

  afterAll(() => {
    suite.scalekit.organizations.length = 0;
    suite.scalekit.roles.length = 0;
  });
});
