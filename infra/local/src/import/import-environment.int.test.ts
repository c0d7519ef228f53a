import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { asOwner, bootstrapDatabase, migrateDatabase } from '@rollcall/database';
import { asOperator, deleteOrganization, updateOrganization } from '@rollcall/management';
import { parseId } from '@rollcall/platform';
import {
  bundleProgram,
  createTestDatabase,
  newSecretKey,
  SCALEKIT_CLIENT,
  startScalekit,
  startWorkos,
} from '@rollcall/testing';
import type { ScalekitOrganization, TestDatabase, TestScalekit, TestWorkos } from '@rollcall/testing';
import { importEnvironment } from './import-environment';
import type { ImportValues } from './import-environment';

const SECRET_KEY = newSecretKey();
const keys = { secretKey: Buffer.from(SECRET_KEY, 'base64') };
const PUBLIC_URL = 'https://rollcall.example.com';

let scalekit: TestScalekit;
let workos: TestWorkos;
let folder: string;
let database: TestDatabase;
let environment: string;

beforeAll(async () => {
  scalekit = await startScalekit();
  workos = await startWorkos('sk_live_1');
  folder = await mkdtemp(join(tmpdir(), 'rollcall-import-'));
});

beforeEach(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  const made = await bootstrapDatabase({ ownerUrl: database.ownerUrl, keys });
  environment = made?.credentials.environment_id ?? '';
  return () => database.drop();
});

afterAll(async () => {
  await Promise.all([scalekit.stop(), workos.stop()]);
  await rm(folder, { recursive: true, force: true });
});

interface Outcome {
  environment_id: string;
  applied: boolean;
  plan: { action: string; what: string; [detail: string]: unknown }[];
  directories: { source_id: string; directory_id: string | null; to_do: string }[];
  problems: { what: string; message: string }[];
}

/** The lines that are printed, also of an import that ends with an error; then that is the last. */
async function runAs(values: ImportValues): Promise<string[]> {
  const lines: string[] = [];
  const isWorkos = values.argument === 'workos';
  await importEnvironment({
    ownerUrl: database.ownerUrl,
    keys,
    publicUrl: PUBLIC_URL,
    env: { ...SCALEKIT_CLIENT, WORKOS_API_KEY: 'sk_live_1' },
    values: { argument: 'scalekit', from: isWorkos ? workos.baseUrl : scalekit.baseUrl, ...values },
    say: (line) => void lines.push(line),
    note: () => undefined,
  }).catch((error: Error) => lines.push(error.message));
  return lines;
}

async function run(values: ImportValues = {}): Promise<Outcome> {
  return JSON.parse((await runAs({ json: true, ...values }))[0] ?? '{}') as Outcome;
}

async function read<Row>(sql: string): Promise<Row[]> {
  return asOwner(database.ownerUrl, (owner) => owner.query<Row[]>(sql));
}

/** All that an import makes, times left out. */
async function readAll(): Promise<object> {
  return {
    organizations: await read(
      'SELECT id, display_name, external_id, metadata, dir_sync_enabled, external_ids FROM organizations ORDER BY id',
    ),
    directories: await read(
      'SELECT id, organization_id, name, directory_provider, enabled, external_ids FROM directories ORDER BY id',
    ),
    aliases: await read('SELECT alias, directory_id FROM directory_aliases ORDER BY alias'),
    secrets: await read(
      'SELECT directory_id, secret_hash, name FROM directory_secrets ORDER BY directory_id, secret_hash',
    ),
    roles: await read('SELECT role_name, display_name, description FROM roles ORDER BY role_name'),
    environments: await read('SELECT id, default_member_role FROM environments'),
    created: await read("SELECT resource_id FROM changes WHERE kind = 'directory_written' ORDER BY resource_id"),
  };
}

const changed = async () => read(`SELECT action, target_id FROM audit_log WHERE actor_type = 'operator' ORDER BY id`);

const PROVIDERS = ['OKTA', 'MICROSOFT_AD', 'JUMPCLOUD', 'GOOGLE', 'AUTH0'];

/** A thousand customers; each has a directory, and every fifth a second one. */
function buildOrganizations(): ScalekitOrganization[] {
  return Array.from({ length: 1_000 }, (_, n) => {
    const id = `org_${58_000_000_000 + n}`;
    const directories = Array.from({ length: n % 5 === 0 ? 2 : 1 }, (__, m) => ({
      id: `dir_${59_000_000_000 + n * 10 + m}`,
      name: m === 0 ? `Customer ${n}` : '',
      directory_type: 'SCIM',
      directory_provider: PROVIDERS[n % PROVIDERS.length],
      organization_id: id,
      enabled: n % 7 !== 0,
      directory_endpoint: `https://auth.app.example/directory/dir_${59_000_000_000 + n * 10 + m}/scim/v2`,
      role_assignments: { assignments: n % 100 === 0 ? [{ group_id: 'dirgroup_1', role_name: 'admin' }] : [] },
      attribute_mappings: { attributes: [] },
      status: 'COMPLETED',
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

const ROLES = [
  { id: 'role_1', name: 'admin', display_name: 'Administrator', description: 'May do all', default_member: false },
  { id: 'role_2', name: 'member', display_name: 'Member', description: '', default_member: true },
  { id: 'role_3', name: 'org_only', display_name: 'Theirs', description: '', is_org_role: true },
];

async function writeTokens(lines: readonly string[]): Promise<string> {
  const path = join(folder, 'tokens.txt');
  await writeFile(path, ['# directory, token', ...lines, ''].join('\n'));
  return path;
}

const tokenOf = (directoryId: string) => `old-bearer-token-of-${directoryId}`;

describe('an environment of a thousand organizations at Scalekit', () => {
  let tokens: string;

  beforeAll(async () => {
    scalekit.organizations.push(...buildOrganizations());
    scalekit.roles.push(...ROLES);
    const known = scalekit.organizations.slice(0, 300).flatMap(({ directories }) => directories);
    tokens = await writeTokens(known.map(({ id }) => `${id}, ${tokenOf(id)}`));
  });

  it('is imported as the dry run said, and a second run changes nothing', async () => {
    const before = await readAll();
    const planned = await run({ tokens, 'dry-run': true });
    expect(planned).toMatchObject({ environment_id: environment, applied: false, problems: [] });
    expect(await readAll()).toEqual(before);
    // 1,000 organizations, 1,200 directories, 360 of them with a token, two roles, the default one.
    expect(planned.plan).toHaveLength(1_000 + 1_200 + 360 + 2 + 1);

    scalekit.refuse = 7;
    scalekit.expireTokens();
    const done = await run({ tokens });
    expect(done).toEqual({ ...planned, applied: true });

    const after = await readAll();
    expect(await run({ tokens })).toEqual({ ...done, plan: [] });
    expect(await readAll()).toEqual(after);
    await expectAsPlanned(done);
  });

  /** What was made is what the plan says, by its own words. */
  async function expectAsPlanned({ plan }: Outcome): Promise<void> {
    const organizations = await read<{
      id: string;
      display_name: string;
      external_id: string | null;
      metadata: object;
    }>('SELECT id, display_name, external_id, metadata FROM organizations ORDER BY id');
    const planned = plan.filter(({ what }) => what.startsWith('organization '));
    expect(organizations.map(({ id, ...row }) => ({ id: `org_${id}`, ...row }))).toEqual(
      planned.map(({ id, display_name, external_id, metadata }) => ({ id, display_name, external_id, metadata })),
    );
    const directories = await read<{ id: string; name: string; enabled: boolean; external_ids: { scalekit: string } }>(
      'SELECT id, name, enabled, external_ids FROM directories',
    );
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
    const values = { argument: 'scalekit', from: scalekit.baseUrl, tokens };
    const request = { ownerUrl: database.ownerUrl, publicUrl: PUBLIC_URL, secretKey: SECRET_KEY, values };
    const planned = await run({ tokens, 'dry-run': true });
    const child = spawn(process.execPath, [program.path], {
      env: { ...process.env, ...SCALEKIT_CLIENT, REQUEST: JSON.stringify(request) },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    child.stdout.on('data', (told: Buffer) => {
      if (/^700 of \d+ done/m.test(told.toString())) child.kill('SIGKILL');
    });
    const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
    await program.remove();
    expect(signal).toBe('SIGKILL');
    const [{ made } = { made: 0 }] = await read<{ made: number }>('SELECT count(*)::int AS made FROM organizations');
    expect(made).toBeGreaterThan(0);
    expect(made).toBeLessThan(1_000);

    const rest = await run({ tokens });
    expect(rest.plan.length).toBeLessThan(planned.plan.length);
    expect(rest.plan.length).toBeGreaterThan(0);
    // What was left is the end of what was planned: the plan has an order.
    expect(rest.plan).toEqual(planned.plan.slice(-rest.plan.length));
    expect(rest.directories).toEqual(planned.directories);
    expect((await run({ tokens })).plan).toEqual([]);
    await expectAsPlanned(planned);
  });

  it('says of each directory what its administrator has to do', async () => {
    const { directories } = await run({ tokens, 'dry-run': true });
    const toDo = new Map(directories.map(({ source_id: id, to_do, directory_id }) => [id, { to_do, directory_id }]));
    const [first, , last] = [toDo.get('dir_59000000000'), null, toDo.get('dir_59000009990')];
    expect(first?.to_do).toBe('Nothing, once auth.app.example leads to this server. Set again: 1 role of a group.');
    expect(last?.to_do).toBe(
      `Its administrator sets the base URL ${PUBLIC_URL}/scim/${last?.directory_id?.slice(4)}/v2 and a new token, which a portal link gives.`,
    );
  });

  afterAll(() => {
    scalekit.organizations.length = 0;
    scalekit.roles.length = 0;
  });
});

describe('an import from Scalekit', () => {
  const build = (n: number, more: object = {}): ScalekitOrganization => ({
    id: `org_${n}`,
    create_time: '2026-01-01T00:00:00Z',
    display_name: `Customer ${n}`,
    directories: [{ id: `dir_${n}`, name: `Directory ${n}`, directory_provider: 'OKTA', enabled: true }],
    ...more,
  });

  beforeEach(() => {
    scalekit.organizations.length = 0;
  });

  it('goes on after what cannot be read or imported, tells it at the end, and is completed by a second one', async () => {
    scalekit.organizations.push(
      build(1),
      build(2),
      build(3, { external_id: 'twin' }),
      build(4, { external_id: 'twin' }),
    );
    scalekit.organizations[1] = build(2, { directories: [{ id: 'dir_2', directory_provider: 5 }] });
    const tokens = await writeTokens([`dir_1 ${tokenOf('dir_1')}`, `dir_9 ${tokenOf('dir_9')}`]);
    const lines = await runAs({ json: true, tokens });
    const { problems, plan } = JSON.parse(lines[0] ?? '{}') as Outcome;
    expect(problems).toEqual([
      { what: 'organization org_2', message: 'directory_provider must be a text.' },
      { what: 'directory dir_1', message: expect.stringContaining('give its SCIM address behind the token') },
      { what: 'directory dir_9', message: 'There is a token of it, but no such directory at the source.' },
      { what: 'organization org_4', message: expect.stringContaining('already has this external id') },
    ]);
    expect(lines[1]).toContain('4 could not be imported');
    expect(plan.map(({ what }) => what)).toContain('directory dir_4');
    expect(await read('SELECT id FROM organizations')).toHaveLength(2);
    scalekit.organizations[1] = build(2);
    scalekit.organizations[3] = build(4);
    const again = await run();
    expect(again.problems).toEqual([]);
    expect(again.plan.map(({ what }) => what)).toEqual([
      'organization org_2',
      'directory dir_2',
      'organization org_4',
      'directory dir_4',
    ]);
  });

  it('takes an organization with the same external id for the same, and leaves what was changed or deleted here', async () => {
    scalekit.organizations.push(build(1, { external_id: 'acme' }), build(2));
    const environmentId = parseId('env', environment) ?? '';
    await asOwner(database.ownerUrl, (owner) =>
      owner.query(
        `INSERT INTO organizations (environment_id, id, display_name, external_id) VALUES ($1, '01kag3v2q9x8w7n6m5k4j3h2g1', 'Ours', 'acme')`,
        [environmentId],
      ),
    );
    const { plan } = await run();
    expect(plan[0]).toEqual({
      action: 'update',
      what: 'organization org_1',
      id: 'org_01kag3v2q9x8w7n6m5k4j3h2g1',
      external_ids: { scalekit: 'org_1' },
      dir_sync: true,
    });
    const second = parseId('org', String(plan.find(({ what }) => what === 'organization org_2')?.id)) ?? '';
    await asOwner(database.ownerUrl, async (owner) => {
      const first = { environmentId, organizationId: '01kag3v2q9x8w7n6m5k4j3h2g1' };
      await updateOrganization(asOperator(owner), first, { displayName: 'Renamed', dirSyncEnabled: false });
      await deleteOrganization(asOperator(owner), { environmentId, organizationId: second });
    });
    const entries = await changed();
    expect(await run()).toMatchObject({ plan: [], problems: [] });
    expect(await changed()).toEqual(entries);
  });

  it('keeps only the hash of a token, and tells nobody the token', async () => {
    scalekit.organizations.push(build(1));
    const tokens = await writeTokens([`dir_1, ${tokenOf('dir_1')}, https://x.scalekit.com/directory/dir_1/scim/v2`]);
    const told = [...(await runAs({ tokens })), ...(await runAs({ tokens, json: true }))].join('\n');
    expect(told).toContain(
      `Its administrator sets the base URL ${PUBLIC_URL}/directory/dir_1/scim/v2; the token stays.`,
    );
    expect(told).not.toContain(tokenOf('dir_1'));
    const stored = await read<{ secret_hash: string; everything: string }>(
      'SELECT secret_hash, s::text AS everything FROM directory_secrets s',
    );
    expect(stored).toEqual([
      {
        secret_hash: expect.stringMatching(/^hmac-sha256\$/),
        everything: expect.not.stringContaining(tokenOf('dir_1')),
      },
    ]);
  });

  it.each<[string, ImportValues, string]>([
    ['a source that it does not know', { argument: 'polis' }, 'Say where from: import scalekit|workos.'],
    ['no source', { argument: undefined }, 'Say where from'],
    ['an address that is none', { from: 'ftp://x' }, '--from must be the address of the source'],
    ['a file of tokens that is not there', { tokens: '/nonexistent' }, 'cannot be read (ENOENT)'],
    ['an environment that it does not know', { environment: 'env_1' }, '--environment must be an id'],
  ])('refuses %s with one sentence', async (_, values, sentence) => {
    expect((await runAs(values)).at(-1)).toContain(sentence);
  });

  it('names the line of a file of tokens that cannot be read, and nothing of it', async () => {
    const [message = ''] = await runAs({ tokens: await writeTokens(['dir_1 too-short']) });
    expect(message).toContain('Line 2 of');
    expect(message).not.toContain('too-short');
  });
});

describe('an import from WorkOS', () => {
  it('brings organizations, roles and the directories that an identity provider sends to', async () => {
    workos.roles.push({ object: 'role', slug: 'admin', name: 'Admin', description: null, type: 'EnvironmentRole' });
    for (let n = 0; n < 250; n++) {
      workos.organizations.push({
        object: 'organization',
        id: `org_01EHZNVPK3SFK441A1RGBF${String(n).padStart(4, '0')}`,
        name: `Customer ${n}`,
        external_id: n % 2 === 0 ? `tenant-${n}` : null,
        metadata: {},
        created_at: new Date(Date.UTC(2025, 0, 1) + n * 60_000).toISOString(),
      } as { id: string });
    }
    const directory = (n: number, more: object) =>
      ({ id: `directory_${n}`, name: `Directory ${n}`, state: 'linked', type: 'okta scim v2.0', ...more }) as {
        id: string;
      };
    const of = (n: number) => ({ organization_id: workos.organizations[n]?.id });
    workos.directories.push(
      directory(1, of(0)),
      directory(2, { ...of(0), type: 'gsuite directory' }),
      directory(3, { ...of(249), type: 'azure scim v2.0', state: 'unlinked' }),
      directory(4, {}),
      directory(5, { ...of(1), state: 'deleting' }),
    );
    const tokens = await writeTokens([
      `directory_1 ${tokenOf('directory_1')} https://api.workos.com/scim/v2.0/AbC1`,
      `directory_3 ${tokenOf('directory_3')} https://scim.app.example/scim/v2.0/AbC3`,
    ]);
    const values = { argument: 'workos', tokens };
    const planned = await run({ ...values, 'dry-run': true });
    const done = await run(values);
    expect(done).toEqual({ ...planned, applied: true });
    expect(done.plan.filter(({ what }) => what.startsWith('directory '))).toMatchObject([
      { what: 'directory directory_1', directory_provider: 'OKTA', enabled: true },
      { what: 'directory directory_3', directory_provider: 'MICROSOFT_AD', enabled: false },
    ]);
    expect(done.directories.map(({ source_id: id, to_do }) => [id, to_do])).toEqual([
      ['directory_1', `Its administrator sets the base URL ${PUBLIC_URL}/scim/v2.0/AbC1; the token stays.`],
      ['directory_2', 'Not imported: nobody sends to it over SCIM 2.0 (gsuite directory). Set SCIM up anew.'],
      ['directory_3', 'Nothing, once scim.app.example leads to this server.'],
    ]);
    expect(done.problems.map(({ what }) => what)).toEqual(['directory directory_4']);
    expect(await read('SELECT id FROM organizations WHERE dir_sync_enabled')).toHaveLength(2);
    expect(await read('SELECT id FROM organizations')).toHaveLength(250);
    expect((await run(values)).plan).toEqual([]);
  });

  it('says that its key is not taken', async () => {
    const lines: string[] = [];
    await importEnvironment({
      ownerUrl: database.ownerUrl,
      keys,
      publicUrl: PUBLIC_URL,
      env: { WORKOS_API_KEY: 'sk_wrong' },
      values: { argument: 'workos', from: workos.baseUrl },
      say: (line) => void lines.push(line),
      note: () => undefined,
    }).catch((error: Error) => lines.push(error.message));
    expect(lines).toEqual(['GET /authorization/roles was answered 401: the credentials are not taken. Correct them.']);
  });
});
