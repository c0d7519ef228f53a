import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SCALEKIT_CLIENT, startRollcall, startScalekit, waitUntil } from '@rollcall/testing';
import type { RunningRollcall, TestScalekit } from '@rollcall/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectManagementApi } from './support/connect-management-api';
import type { ManagementApi } from './support/connect-management-api';
import { runLauncher } from './support/run-launcher';

// An owner comes from Scalekit with a domain of their own, and no administrator of a customer has to do anything.

const TOKEN = 'the-token-that-okta-has-had-all-along';
const ADA = {
  id: 'diruser_71',
  email: 'ada@acme.test',
  preferred_username: 'ada@acme.test',
  given_name: 'Ada',
  family_name: 'Marlow',
  emails: ['ada@acme.test'],
  groups: [{ id: 'dirgroup_81', display_name: 'Engineering' }],
  user_detail: { dp_id: '00u71', active: true, title: 'Clerk' },
};

let folder: string;
let server: RunningRollcall;
let scalekit: TestScalekit;
let api: ManagementApi;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollcall-import-'));
  scalekit = await startScalekit();
  server = await startRollcall();
  const { client_id: clientId, client_secret: clientSecret } = server.bootstrap;
  api = await connectManagementApi(server.baseUrl, { clientId, clientSecret });
  scalekit.roles.push({ name: 'member', display_name: 'Member', default_member: true });
  scalekit.organizations.push({
    id: 'org_51',
    display_name: 'Acme',
    external_id: 'acme',
    create_time: '2026-01-01T00:00:00Z',
    metadata: { plan: 'business' },
    directories: [
      {
        id: 'dir_61',
        name: 'Acme Okta',
        directory_type: 'SCIM',
        directory_provider: 'OKTA',
        enabled: true,
        directory_endpoint: `${server.baseUrl}/directory/dir_61/scim/v2`,
        people: { users: [ADA], groups: [{ id: 'dirgroup_81', display_name: 'Engineering' }] },
      },
    ],
  });
});

afterAll(async () => {
  await server?.stop();
  await scalekit?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function run(...options: string[]) {
  const tokens = join(folder, 'tokens.txt');
  await writeFile(tokens, `dir_61 ${TOKEN}\n`);
  const args = ['rollcall', 'import', 'scalekit', '--tokens', tokens, ...options];
  const source = { ...SCALEKIT_CLIENT, SCALEKIT_ENVIRONMENT_URL: scalekit.baseUrl };
  return runLauncher(args, { DATA_DIR: server.dataDir, PUBLIC_URL: server.baseUrl, ...source });
}

/** What Okta sends, at the address that it was given by Scalekit. */
async function sendAsBefore(method: string, path: string, body?: object) {
  const response = await fetch(`${server.baseUrl}/directory/dir_61/scim/v2${path}`, {
    method,
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/scim+json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, json: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown> };
}

interface Told {
  type: string;
  data: { id: string; external_ids?: object; title?: string; group?: { external_ids: object }; removed?: object[] };
}

async function readEvents(): Promise<Told[]> {
  const { events } = await api<{ events: Told[] }>('GET', '/events?page_size=1000');
  return events.map(({ type, data }) => ({ type: type.slice('organization.'.length), data }));
}

describe('rollcall import scalekit', () => {
  it('says what it would do, does it, and has nothing more to do', async () => {
    const planned = await run('--dry-run');
    expect(planned).toMatchObject({ code: 0, stderr: '' });
    expect(planned.stdout).toContain('+ organization org_51');
    expect(planned.stdout).toContain(`Nothing, once ${new URL(server.baseUrl).host} leads to this server.`);
    expect(planned.stdout).toContain('nothing was changed');
    expect((await api<{ organizations: object[] }>('GET', '/organizations')).organizations).toEqual([]);
    expect(await run()).toMatchObject({ code: 0, stderr: '' });
    expect((await run()).stdout).toContain('Everything that can be imported is there.');
    const { organization } = await api<{ organization: { id: string } }>('GET', '/organizations:external/acme');
    expect(organization).toMatchObject({ external_ids: { scalekit: 'org_51' }, metadata: { plan: 'business' } });
    const path = `/organizations/${organization.id}/directories`;
    const { directories } = await api<{ directories: { id: string }[] }>('GET', path);
    expect(directories).toMatchObject([{ external_ids: { scalekit: 'dir_61' }, total_users: 1, total_groups: 1 }]);
    const people = `${path}/${directories[0]?.id}`;
    expect(await api('GET', `${people}/users`)).toMatchObject({
      users: [{ external_ids: { scalekit: 'diruser_71' }, groups: [{ name: 'Engineering' }] }],
    });
    expect(await api('GET', `${people}/groups`)).toMatchObject({
      groups: [{ external_ids: { scalekit: 'dirgroup_81' }, total_users: 1 }],
    });
  });

  it('lets an identity provider go on at the old address, and tells of the people that they are updated', async () => {
    const found = await sendAsBefore('GET', `/Users?filter=${encodeURIComponent('userName eq "ada@acme.test"')}`);
    expect(found).toMatchObject({ status: 200, json: { totalResults: 1 } });
    const ada = { userName: 'ada@acme.test', externalId: '00u71', title: 'Captain', active: true };
    // By the id that the other service gave her.
    expect(await sendAsBefore('PUT', '/Users/diruser_71', ada)).toMatchObject({ status: 200 });
    const Operations = [{ op: 'remove', path: 'members[value eq "diruser_71"]' }];
    const left = await sendAsBefore('PATCH', '/Groups/dirgroup_81', { Operations });
    expect(left.status, JSON.stringify(left.json)).toBeLessThan(300);
    expect(await sendAsBefore('POST', '/Users', { userName: 'bob@acme.test' })).toMatchObject({ status: 201 });
    await waitUntil(async () => (await readEvents()).length === 5);
    const told = await readEvents();
    expect(told.map(({ type, data }) => [type, data.external_ids ?? data.group?.external_ids])).toEqual([
      ['directory_created', { scalekit: 'dir_61' }],
      ['directory.user_updated', { scalekit: 'diruser_71' }],
      ['directory.group_members_changed', { scalekit: 'dirgroup_81' }],
      ['directory.user_updated', { scalekit: 'diruser_71' }],
      ['directory.user_created', undefined],
    ]);
    expect(told[1]?.data.title).toBe('Captain');
    expect(told[2]?.data.removed).toHaveLength(1);
  });

  it('explains itself, and ends with 1 when something could not be imported', async () => {
    const { code, stdout } = await runLauncher(['rollcall', 'import', '--help'], {});
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('--tokens <file>') });
    scalekit.organizations.push({ id: 'org_52', external_id: 7, directories: [] });
    const partly = await run();
    expect(partly.code).toBe(1);
    expect(partly.stdout).toContain('! organization org_52: external_id must be a text.');
    expect(partly.stderr).toContain('1 could not be imported');
    expect(partly.stderr + partly.stdout).not.toContain(TOKEN);
  });
});
