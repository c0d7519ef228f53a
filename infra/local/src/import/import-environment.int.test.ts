import { asOwner } from '@rollcall/database';
import { asOperator, deleteOrganization, updateOrganization } from '@rollcall/management';
import { parseId } from '@rollcall/platform';
import { drainForNobody } from '@rollcall/test-builders';
import type { ScalekitOrganization } from '@rollcall/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ImportValues } from './import-environment';
import { PUBLIC_URL, tokenOf, useImport } from './use-import.test-support';
import type { Outcome } from './use-import.test-support';

const suite = useImport();

/** Turns what waits in the outbox into events, as the worker does. */
const drainAll = () =>
  asOwner(suite.database.ownerUrl, async (owner) => {
    const directories = await owner.query<{ environment_id: string; organization_id: string; id: string }[]>(
      'SELECT environment_id, organization_id, id FROM directories',
    );
    for (const { environment_id: environmentId, organization_id: organizationId, id: directoryId } of directories) {
      await drainForNobody(owner, { environmentId, organizationId, directoryId });
    }
  });

const changed = async () =>
  suite.read(`SELECT action, target_id FROM audit_log WHERE actor_type = 'operator' ORDER BY id`);

describe('an import from Scalekit', () => {
  const build = (n: number, more: object = {}): ScalekitOrganization => ({
    id: `org_${n}`,
    create_time: '2026-01-01T00:00:00Z',
    display_name: `Customer ${n}`,
    directories: [{ id: `dir_${n}`, name: `Directory ${n}`, directory_provider: 'OKTA', enabled: true }],
    ...more,
  });

  beforeEach(() => {
    suite.scalekit.organizations.length = 0;
    suite.scalekit.roles.length = 0;
  });

  it('goes on after what cannot be read or imported, tells it at the end, and is completed by a second one', async () => {
    suite.scalekit.organizations.push(
      build(1),
      build(2),
      build(3, { external_id: 'twin' }),
      build(4, { external_id: 'twin' }),
    );
    suite.scalekit.organizations[1] = build(2, { directories: [{ id: 'dir_2', directory_provider: 5 }] });
    const tokens = await suite.writeTokens([`dir_1 ${tokenOf('dir_1')}`, `dir_9 ${tokenOf('dir_9')}`]);
    const lines = await suite.runAs({ json: true, tokens });
    const { problems, plan } = JSON.parse(lines[0] ?? '{}') as Outcome;
    expect(problems).toEqual([
      { what: 'organization org_2', message: 'directory_provider must be a text.' },
      { what: 'directory dir_1', message: expect.stringContaining('give its SCIM address behind the token') },
      { what: 'organization org_4', message: expect.stringContaining('twin is that of org_3 at the source too') },
      { what: 'directory dir_9', message: 'There is a token of it, but no such directory at the source.' },
    ]);
    expect(lines[1]).toContain('4 could not be imported');
    expect(plan.map(({ what }) => what)).not.toContain('directory dir_4');
    expect(await suite.read('SELECT id FROM organizations')).toHaveLength(2);
    suite.scalekit.organizations[1] = build(2);
    suite.scalekit.organizations[3] = build(4);
    const again = await suite.run();
    expect(again.problems).toEqual([]);
    expect(again.plan.map(({ what }) => what)).toEqual([
      'organization org_2',
      'directory dir_2',
      'organization org_4',
      'directory dir_4',
    ]);
  });

  it('takes an organization with the same external id for the same, and leaves what was changed or deleted here', async () => {
    suite.scalekit.organizations.push(build(1, { external_id: 'acme' }), build(2));
    const environmentId = parseId('env', suite.environment) ?? '';
    await asOwner(suite.database.ownerUrl, (owner) =>
      owner.query(
        `INSERT INTO organizations (environment_id, id, display_name, external_id) VALUES ($1, '01kag3v2q9x8w7n6m5k4j3h2g1', 'Ours', 'acme')`,
        [environmentId],
      ),
    );
    const { plan } = await suite.run();
    expect(plan[0]).toEqual({
      action: 'update',
      what: 'organization org_1',
      id: 'org_01kag3v2q9x8w7n6m5k4j3h2g1',
      external_ids: { scalekit: 'org_1' },
      dir_sync: true,
    });
    const second = parseId('org', String(plan.find(({ what }) => what === 'organization org_2')?.id)) ?? '';
    await asOwner(suite.database.ownerUrl, async (owner) => {
      const first = { environmentId, organizationId: '01kag3v2q9x8w7n6m5k4j3h2g1' };
      await updateOrganization(asOperator(owner), first, { displayName: 'Renamed', dirSyncEnabled: false });
      await deleteOrganization(asOperator(owner), { environmentId, organizationId: second });
    });
    const entries = await changed();
    expect(await suite.run()).toMatchObject({ plan: [], problems: [] });
    expect(await changed()).toEqual(entries);
  });

  it('says before it begins what cannot be kept, as the API does, and imports the others', async () => {
    const directory = { directory_provider: 'OKTA', enabled: true };
    suite.scalekit.roles.push({ name: 'Team lead' }, { name: 'nul', description: 'a\0b' }, { name: 'member' });
    suite.scalekit.organizations.push(
      build(1, { display_name: 'a\0b' }),
      build(2, { display_name: 'a'.repeat(201) }),
      build(3, { external_id: 'a\uD800' }),
      build(4, { metadata: { text: 'a'.repeat(16_384) } }),
      build(5, { metadata: { text: '\0' } }),
      build(6, { metadata: { text: '\\u0000' }, directories: [{ ...directory, id: 'dir_6', name: 'a'.repeat(201) }] }),
      build(7, { directories: [{ ...directory, id: 'dir_\0' }] }),
      build(8, { display_name: 'a'.repeat(200) }),
    );
    const tokens = await suite.writeTokens([
      `dir_1 ${tokenOf('dir_1')} https://x.scalekit.com/directory/dir_1/scim/v2`,
      `dir_6 ${tokenOf('dir_6')} https://x.scalekit.com/directory/dir_6/scim/v2`,
    ]);
    const { problems, ...planned } = await suite.run({ tokens, 'dry-run': true });
    expect(problems.map(({ what }) => what)).toEqual([
      'organization org_7',
      'role Team lead',
      'role nul',
      ...[1, 2, 3, 4, 5].map((n) => `organization org_${n}`),
      'directory dir_6',
    ]);
    expect(problems[3]?.message).toBe(
      'Its name must be at most 200 characters, without U+0000 and half surrogate pairs. Correct it at the source.',
    );
    expect(await suite.run({ tokens })).toEqual({ ...planned, applied: true, problems });
    expect(await suite.read('SELECT id FROM organizations')).toHaveLength(2);
  });

  it('adopts an organization for one of the source, though two have its external id', async () => {
    suite.scalekit.organizations.push(build(1, { external_id: 'acme' }), build(2, { external_id: 'acme' }));
    await suite.read(
      `INSERT INTO organizations (environment_id, id, display_name, external_id)
       VALUES ('${parseId('env', suite.environment)}', '01kag3v2q9x8w7n6m5k4j3h2g1', 'Ours', 'acme')`,
    );
    const tokens = await suite.writeTokens([
      `dir_2 ${tokenOf('dir_2')} https://x.scalekit.com/directory/dir_2/scim/v2`,
    ]);
    const { problems, directories } = await suite.run({ tokens });
    expect(problems).toEqual([
      { what: 'organization org_2', message: expect.stringContaining('acme is that of org_1 at the source too') },
    ]);
    expect(directories.map(({ source_id: id }) => id)).toEqual(['dir_1']);
    expect(await suite.read('SELECT external_ids FROM organizations')).toEqual([
      { external_ids: { scalekit: 'org_1' } },
    ]);
  });

  it('leaves a directory that was moved at the source in its organization here, and lets it be reached there', async () => {
    suite.scalekit.organizations.push(build(1), build(2));
    await suite.run();
    const people = { users: [{ id: 'diruser_1', email: 'ada@acme.test' }], groups: [] };
    const moved = { id: 'dir_1', directory_provider: 'OKTA', enabled: true, people };
    suite.scalekit.organizations[0] = build(1, { directories: [] });
    suite.scalekit.organizations[1] = build(2, { directories: [moved] });
    const tokens = await suite.writeTokens([
      `dir_1 ${tokenOf('dir_1')} https://x.scalekit.com/directory/dir_1/scim/v2`,
    ]);
    const { problems, plan } = await suite.run({ tokens });
    expect(problems).toEqual([]);
    expect(plan.map(({ what }) => what)).toEqual(['address and token of directory dir_1']);
    expect(
      await suite.read(
        `SELECT o.external_ids ->> 'scalekit' AS organization, a.alias, u.data::json ->> 'email' AS email
         FROM directories d JOIN organizations o ON o.id = d.organization_id
         JOIN directory_aliases a ON a.directory_id = d.id JOIN published_users u ON u.directory_id = d.id`,
      ),
    ).toEqual([{ organization: 'org_1', alias: 'scalekit.dir_1', email: 'ada@acme.test' }]);
  });

  it('brings the roles of groups and the mapped attributes, without an event, and leaves those that are set here', async () => {
    const group = { id: 'dirgroup_1', display_name: 'Sales' };
    const ada = { id: 'diruser_1', email: 'ada@acme.test', groups: [group] };
    const directory = {
      id: 'dir_1',
      directory_provider: 'OKTA',
      enabled: true,
      role_assignments: { assignments: [{ group_id: 'dirgroup_1', role_name: 'SELLER' }] },
      attribute_mappings: { attributes: [{ key: 'title', map_to: 'job' }] },
      people: { users: [{ ...ada, user_detail: { title: 'Clerk' } }], groups: [group] },
    };
    suite.scalekit.roles.push({ name: 'seller' });
    suite.scalekit.organizations.push(build(1, { directories: [directory] }));
    const planned = await suite.run({ 'dry-run': true });
    expect(planned.plan.map(({ what }) => what)).toEqual([
      'role seller',
      'organization org_1',
      'directory dir_1',
      'attributes of directory dir_1',
      'roles of groups of directory dir_1',
    ]);
    expect(await suite.run()).toEqual({ ...planned, applied: true });
    expect((await suite.run()).plan).toEqual([]);
    await drainAll();
    const [{ data } = { data: '' }] = await suite.read<{ data: string }>('SELECT data FROM published_users');
    expect(JSON.parse(data)).toMatchObject({ roles: [{ role_name: 'seller' }], custom_attributes: { job: 'Clerk' } });
    expect(await suite.read('SELECT type FROM events')).toEqual([{ type: 'organization.directory_created' }]);
    await suite.read(`UPDATE directories SET role_assignments = '[]'`);
    expect((await suite.run()).plan.map(({ what }) => what)).toEqual(['roles of groups of directory dir_1']);
    await suite.read(`UPDATE directories SET role_assignments = '[]', first_request_time = now()`);
    const { plan, directories } = await suite.run();
    expect({ plan, toDo: directories[0]?.to_do }).toEqual({
      plan: [],
      toDo: expect.stringMatching(/Set again: 1 role of a group\.$/) as string,
    });
  });

  it('tells of a role whose group is not there, and brings everything else', async () => {
    const assignments = [{ group_id: 'dirgroup_9', role_name: 'seller' }];
    const directory = { id: 'dir_1', directory_provider: 'OKTA', enabled: true, role_assignments: { assignments } };
    suite.scalekit.roles.push({ name: 'seller' });
    suite.scalekit.organizations.push(build(1, { directories: [directory] }));
    const { problems, plan } = await suite.run();
    expect(problems).toEqual([
      {
        what: 'roles of groups of directory dir_1',
        message: expect.stringContaining('The directory has no such group') as string,
      },
    ]);
    expect(plan).toHaveLength(4);
    expect(await suite.read('SELECT id FROM directories')).toHaveLength(1);
  });

  it('goes alone: a second one at the same time says so, changes nothing, and can be run after it', async () => {
    suite.scalekit.organizations.push(...Array.from({ length: 40 }, (_, n) => build(n)));
    const runs = await Promise.all([suite.runAs({ json: true }), suite.runAs({ json: true })]);
    const ends = runs.map((lines) => lines.at(-1) ?? '');
    expect(ends.filter((end) => end.startsWith('Another import into this environment is under way.'))).toHaveLength(1);
    expect(ends.filter((end) => end.startsWith('{'))).toHaveLength(1);
    expect(await suite.read('SELECT id FROM directories')).toHaveLength(40);
    expect((await suite.run()).plan).toEqual([]);
  });

  it('makes nothing within an organization that could not be made, and goes on with the others', async () => {
    suite.scalekit.organizations.push(build(1), build(2, { external_id: 'acme' }), build(3));
    await suite.read(
      `CREATE FUNCTION make_meanwhile() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
         INSERT INTO organizations (environment_id, id, display_name, external_id)
         VALUES (NEW.environment_id, '01kag3v2q9x8w7n6m5k4j3h2g1', 'Ours', 'acme');
         RETURN NULL;
       END $$`,
    );
    await suite.read(
      `CREATE TRIGGER made_meanwhile AFTER INSERT ON organizations
       FOR EACH ROW WHEN (NEW.display_name = 'Customer 1') EXECUTE FUNCTION make_meanwhile()`,
    );
    expect((await suite.run()).problems).toEqual([
      { what: 'organization org_2', message: expect.stringContaining('already has this external id') },
    ]);
    expect(
      await suite.read(
        `SELECT external_ids ->> 'scalekit' AS id FROM directories ORDER BY external_ids ->> 'scalekit'`,
      ),
    ).toEqual([{ id: 'dir_1' }, { id: 'dir_3' }]);
  });

  it('prints of names at the source nothing that a terminal obeys or that begins a line', async () => {
    const name = 'Acme\u001B[2J\u009B31m\r\n| x | \u202Ey';
    suite.scalekit.organizations.push(build(1, { display_name: name }));
    const lines = await suite.runAs({});
    expect(lines.join('\n')).not.toMatch(/[^\P{Cc}\n]|\u202E/u);
    expect(
      lines
        .find((line) => line.includes('| org'))
        ?.trim()
        .split('\n'),
    ).toEqual([
      'What is left to do, by directory:',
      '',
      '| organization | there | here | provider | to do |',
      '| --- | --- | --- | --- | --- |',
      expect.stringMatching(/^\| Acme \\\| x \\\|  y \| dir_1 \| /),
    ]);
    expect(await suite.read('SELECT display_name FROM organizations')).toEqual([{ display_name: name }]);
  });

  it('tells how far it has read at each hundredth organization, and not before the first', async () => {
    const broken = [1, 2].map((n) => build(n, { directories: [{ id: `dir_${n}`, directory_provider: 5 }] }));
    suite.scalekit.organizations.push(...broken, ...Array.from({ length: 100 }, (_, n) => build(n + 3)));
    const notes: string[] = [];
    await suite.runAs({ 'dry-run': true }, undefined, (text) => void notes.push(text));
    expect(notes.filter((text) => text.includes('organizations'))).toEqual(['100 organizations read.']);
  });

  it('keeps only the hash of a token, and tells nobody the token', async () => {
    suite.scalekit.organizations.push(build(1));
    const tokens = await suite.writeTokens([
      `dir_1, ${tokenOf('dir_1')}, https://x.scalekit.com/directory/dir_1/scim/v2`,
    ]);
    const told = [...(await suite.runAs({ tokens })), ...(await suite.runAs({ tokens, json: true }))].join('\n');
    expect(told).toContain(
      `Its administrator sets the base URL ${PUBLIC_URL}/directory/dir_1/scim/v2; the token stays.`,
    );
    expect(told).toContain('3 steps done.');
    expect(told).not.toContain(tokenOf('dir_1'));
    const stored = await suite.read<{ secret_hash: string; everything: string }>(
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
    expect((await suite.runAs(values)).at(-1)).toContain(sentence);
  });

  it('names the line of a file of tokens that cannot be read, and nothing of it', async () => {
    const [message = ''] = await suite.runAs({ tokens: await suite.writeTokens(['dir_1 too-short']) });
    expect(message).toContain('Line 2 of');
    expect(message).not.toContain('too-short');
  });
});

describe('an import from WorkOS', () => {
  it('brings organizations, roles and the directories that an identity provider sends to', async () => {
    suite.workos.roles.push({
      object: 'role',
      slug: 'admin',
      name: 'Admin',
      description: null,
      type: 'EnvironmentRole',
    });
    for (let n = 0; n < 250; n++) {
      suite.workos.organizations.push({
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
    const of = (n: number) => ({ organization_id: suite.workos.organizations[n]?.id });
    suite.workos.directories.push(
      directory(1, of(0)),
      directory(2, { ...of(0), type: 'gsuite directory' }),
      directory(3, { ...of(249), type: 'azure scim v2.0', state: 'unlinked' }),
      directory(4, {}),
      directory(5, { ...of(1), state: 'deleting' }),
    );
    const of1 = { directory_id: 'directory_1', raw_attributes: {} };
    suite.workos.groups.push({
      id: 'directory_group_1',
      idp_id: '00g1',
      name: 'Sales',
      ...of1,
    } as (typeof suite.workos.groups)[0]);
    suite.workos.users.push(
      {
        id: 'directory_user_1',
        idp_id: '00u1',
        email: 'ada@acme.test',
        state: 'active',
        groups: [{ id: 'directory_group_1' }],
        custom_attributes: { username: 'ada' },
        ...of1,
      } as (typeof suite.workos.users)[0],
      {
        id: 'directory_user_2',
        idp_id: '00u2',
        email: null,
        state: 'active',
        ...of1,
      } as (typeof suite.workos.users)[0],
    );
    const tokens = await suite.writeTokens([
      `directory_1 ${tokenOf('directory_1')} https://api.workos.com/scim/v2.0/AbC1`,
      `directory_3 ${tokenOf('directory_3')} https://scim.app.example/scim/v2.0/AbC3`,
    ]);
    const values = { argument: 'workos', tokens };
    const planned = await suite.run({ ...values, 'dry-run': true });
    const done = await suite.run(values);
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
    expect(done.note).toContain('does not tell which groups of a directory give a role');
    expect(done.problems.map(({ what }) => what)).toEqual(['directory directory_4', 'user directory_user_2']);
    const [ada] = await suite.read<{ data: string }>('SELECT data FROM published_users');
    expect(JSON.parse(ada?.data ?? '{}')).toMatchObject({
      preferred_username: 'ada',
      groups: [{ name: 'Sales' }],
      external_ids: { workos: 'directory_user_1' },
    });
    expect(await suite.read('SELECT id FROM organizations WHERE dir_sync_enabled')).toHaveLength(2);
    expect(await suite.read('SELECT id FROM organizations')).toHaveLength(250);
    expect((await suite.run(values)).plan).toEqual([]);
  });

  it('says that its key is not taken', async () => {
    const lines = await suite.runAs({ argument: 'workos' }, { WORKOS_API_KEY: 'sk_wrong' });
    expect(lines).toEqual(['GET /authorization/roles was answered 401: the credentials are not taken. Correct them.']);
  });
});
