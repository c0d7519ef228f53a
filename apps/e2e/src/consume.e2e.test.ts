import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EVENT_TYPES } from '@rollcall/contract';
import { verifyWebhook } from '@rollcall/sdk';
import { freePort, startReceiver, startRollcall, waitUntil } from '@rollcall/testing';
import type { Receiver, RunningRollcall } from '@rollcall/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectManagementApi } from './support/connect-management-api';
import type { ManagementApi } from './support/connect-management-api';
import { runLauncher, startLauncher } from './support/run-launcher';

// The commands of somebody who builds on Rollcall, against a running server.

let folder: string;
let server: RunningRollcall;
let receiver: Receiver;
let api: ManagementApi;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollcall-consume-'));
  server = await startRollcall();
  receiver = await startReceiver();
  const { client_id: clientId, client_secret: clientSecret } = server.bootstrap;
  api = await connectManagementApi(server.baseUrl, { clientId, clientSecret });
});

afterAll(async () => {
  await receiver?.stop();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** By the client that the first start wrote down. */
const environment = () => ({ DATA_DIR: server.dataDir, PUBLIC_URL: server.baseUrl });
const run = (args: string[], env: NodeJS.ProcessEnv = {}) =>
  runLauncher(['rollcall', ...args], { ...environment(), ...env });

async function write(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

const SEED = `
organizations:
  - display_name: Acme
    external_id: acme
    directories:
      - name: Acme Okta
        provider: OKTA
        users:
          - { userName: ada@acme.test, name: { givenName: Ada, familyName: Marlow } }
          - { userName: bob@acme.test, title: Clerk }
        groups:
          - { displayName: Engineering, members: [ada@acme.test] }
`;

interface Person {
  preferred_username: string;
  title: string | null;
  groups: { name: string }[];
}

async function peopleOf(externalId: string): Promise<Person[]> {
  const { organization } = await api<{ organization: { id: string } }>('GET', `/organizations:external/${externalId}`);
  const path = `/organizations/${organization.id}/directories`;
  const { directories } = await api<{ directories: { id: string; secrets: { status: string }[] }[] }>('GET', path);
  expect(directories).toHaveLength(1);
  expect(directories[0]?.secrets.filter(({ status }) => status === 'ACTIVE')).toEqual([]);
  const { users } = await api<{ users: Person[] }>('GET', `${path}/${directories[0]?.id}/users?include_detail=true`);
  return users.toSorted((one, other) => (one.preferred_username < other.preferred_username ? -1 : 1));
}

describe('rollcall seed', () => {
  it('makes what a file says over SCIM, brings it to a changed file, and leaves no token behind', async () => {
    const file = await write('seed.yaml', SEED);
    expect(await run(['seed', file])).toMatchObject({ code: 0, stderr: '' });
    await waitUntil(async () => (await peopleOf('acme'))[0]?.groups.length === 1);
    expect(await peopleOf('acme')).toMatchObject([
      { preferred_username: 'ada@acme.test', groups: [{ name: 'Engineering' }] },
      { preferred_username: 'bob@acme.test', title: 'Clerk', groups: [] },
    ]);
    await write('seed.yaml', SEED.replace('Clerk', 'Captain'));
    const { stdout } = await run(['seed', file, '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ directories: [{ users: 2, groups: 1 }] });
    await waitUntil(async () => (await peopleOf('acme'))[1]?.title === 'Captain');
    expect(await peopleOf('acme')).toHaveLength(2);
  });

  it.each([
    ['organizations[0].directories[0].provider must be one of OKTA', SEED.replace('OKTA', 'OKTO')],
    ['organizations[0].name is not known: there are display_name', SEED.replace('display_name: Acme', 'name: Acme')],
    ['who is none of the directory', SEED.replace('members: [ada@acme.test]', 'members: [eve@acme.test]')],
    ['Missing closing "quote at line', SEED.replace('- display_name: Acme', '- display_name: "Acme')],
  ])('says what is wrong with a file: %s', async (message, text) => {
    const { code, stderr, stdout } = await run(['seed', await write('wrong.yaml', text)]);
    expect({ code, said: stderr.includes(message) }).toEqual({ code: 1, said: true });
    expect(stderr + stdout).not.toMatch(/\n {4}at /);
  });
});

describe('rollcall listen', () => {
  it('forwards what happens from now on in order, signed, and only what is asked for; and one event once more', async () => {
    receiver.clear();
    const listening = startLauncher(
      ['rollcall', 'listen', '--forward-to', receiver.url, '--type', 'organization.directory.user_updated'],
      environment(),
    );
    await waitUntil(() => listening.stdout().includes('whsec_'));
    const secret = /whsec_\S+/.exec(listening.stdout())?.[0] ?? '';
    const titles = ['One', 'Two', 'Three'];
    for (const title of titles) {
      await run(['seed', await write('seed.yaml', SEED.replace('Clerk', title))]);
      await receiver.waitFor((requests) => requests.length === titles.indexOf(title) + 1);
    }
    await waitUntil(
      () =>
        listening
          .stdout()
          .split('\n')
          .filter((line) => line.includes('200 in')).length === 3,
    );
    expect(await listening.end()).toMatchObject({ code: 0, stderr: '' });

    const events = await Promise.all(
      receiver.requests.map(({ headers, body }) => verifyWebhook({ secret, headers, body })),
    );
    expect(events.map(({ data }) => (data as unknown as Person).title)).toEqual(titles);
    const [first] = receiver.requests;
    const { event } = await api<{ event: unknown }>('GET', `/events/${events[0]?.id}`);
    expect(first?.body).toBe(JSON.stringify(event));

    receiver.clear();
    const again = await run(['listen', '--forward-to', receiver.url, '--resend', events[1]?.id ?? '', '--json']);
    expect(JSON.parse(again.stdout)).toMatchObject({ id: events[1]?.id, status: 200 });
    expect(receiver.requests.map(({ headers }) => headers['webhook-id'])).toEqual([events[1]?.id]);
  });

  it('says what was not taken, and goes on', async () => {
    const nobody = `http://127.0.0.1:${await freePort()}/`;
    const { events } = await api<{ events: { id: string }[] }>('GET', '/events?page_size=1');
    const { code, stdout } = await run(['listen', '--forward-to', nobody, '--resend', events[0]?.id ?? '']);
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('not taken: ECONNREFUSED') });
  });

  it.each([
    [['listen'], 'Say where events go'],
    [['listen', '--forward-to', 'ftp://x'], 'Say where events go'],
    [['listen', '--forward-to', 'http://127.0.0.1:1', '--secret', 'abc'], '--secret'],
    [['listen', '--forward-to', 'http://127.0.0.1:1', '--url', 'nowhere'], '--url must be the address'],
    [['trigger', 'user_created', '--url', 'https://elsewhere.test'], 'Set ROLLCALL_API_KEY'],
    [['listen', '--forward-to', 'http://127.0.0.1:1', '--resend', 'evt_01m8000000000000000000000'], 'no such event'],
    [['trigger', 'user_promoted'], 'user_created'],
  ])('refuses %j with a sentence', async (args, message) => {
    const { code, stderr } = await run(args);
    expect({ code, said: stderr.includes(message) }).toEqual({ code: 1, said: true });
    expect(stderr).not.toMatch(/\n {4}at /);
  });

  it('says how to get a credential where there is none', async () => {
    const { code, stderr } = await run(['trigger', 'user_created'], { DATA_DIR: folder });
    expect({ code, said: stderr.includes('ROLLCALL_API_KEY') }).toEqual({ code: 1, said: true });
  });
});

describe('rollcall trigger', () => {
  it.each(EVENT_TYPES)('brings %s about', async (type) => {
    const { code, stdout } = await run(['trigger', type.split('.').at(-1) ?? '', '--json']);
    expect({ code, event: JSON.parse(stdout) as unknown }).toMatchObject({
      code: 0,
      event: { type, sequence: expect.any(Number) },
    });
  });
});

const ENVIRONMENT = `
roles:
  - { role_name: admin, display_name: Administrator }
  - { role_name: member }
default_role: member
organizations:
  - external_id: globex
    display_name: Globex
    directory_sync: true
    directories:
      - name: Globex Entra
        provider: MICROSOFT_AD
        attribute_mappings:
          - { key: title, map_to: job }
webhook_endpoints:
  - url: https://app.example.test/hooks
    description: The app
    event_types: [organization.directory.user_created]
    organizations: [globex]
    ordering: fifo
    dialect: workos
`;

describe('rollcall apply', () => {
  it('shows what differs, does it, and has nothing to do then', async () => {
    const file = await write('environment.yaml', ENVIRONMENT);
    const planned = await run(['apply', file, '--dry-run']);
    expect(planned).toMatchObject({ code: 0, stderr: '' });
    expect(planned.stdout).toContain('+ role admin');
    expect(planned.stdout).toContain('8 changes to make; nothing was changed.');
    expect((await api<{ roles: unknown[] }>('GET', '/roles')).roles).toEqual([]);

    const applied = await run(['apply', file]);
    expect(applied).toMatchObject({ code: 0, stderr: '' });
    expect(applied.stdout).toMatch(/The secret of the webhook endpoint https:\S+, shown this once: whsec_/);
    expect((await run(['apply', file])).stdout).toBe('Everything is as the file says.\n');

    await write('environment.yaml', ENVIRONMENT.replace('The app', 'Our app').replace('map_to: job', 'map_to: post'));
    const { stdout } = await run(['apply', file, '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      plan: [
        { action: 'update', what: 'organization globex: directory Globex Entra: attribute mappings' },
        { action: 'update', differences: [{ key: 'description', from: 'The app', to: 'Our app' }] },
      ],
      applied: true,
      secrets: {},
    });
    expect((await run(['apply', file])).stdout).toBe('Everything is as the file says.\n');
  });

  it('leaves the filters of an endpoint and the metadata that the file does not name', async () => {
    const path = '/organizations:external/globex';
    const { organization } = await api<{ organization: { id: string } }>('GET', path);
    await api('PATCH', `/organizations/${organization.id}`, { metadata: { plan: 'basic', region: 'eu' } });
    const text = ENVIRONMENT.replace(/ {4}(event_types|organizations): .*\n/g, '').replace('The app', 'Everybody');
    const metadata = 'display_name: Globex\n    metadata: { plan: pro, trial: null }';
    const file = await write('environment.yaml', text.replace('display_name: Globex', metadata));
    expect(await run(['apply', file])).toMatchObject({ code: 0, stderr: '' });
    const { webhook_endpoints: endpoints } = await api<{ webhook_endpoints: object[] }>('GET', '/webhook_endpoints');
    expect(endpoints).toMatchObject([
      {
        description: 'Everybody',
        event_types: ['organization.directory.user_created'],
        organization_ids: [organization.id],
        dialect: 'workos',
      },
    ]);
    expect((await api<{ organization: object }>('GET', path)).organization).toMatchObject({
      metadata: { plan: 'pro', region: 'eu' },
    });
    expect((await run(['apply', file])).stdout).toBe('Everything is as the file says.\n');
  });

  it('takes the dialect of an endpoint away where the file has null', async () => {
    const file = await write('environment.yaml', ENVIRONMENT.replace('dialect: workos', 'dialect: null'));
    expect((await run(['apply', file])).stdout).toContain('    dialect: "workos" -> null\n');
    const { webhook_endpoints: endpoints } = await api<{ webhook_endpoints: object[] }>('GET', '/webhook_endpoints');
    expect(endpoints).toMatchObject([{ dialect: null }]);
    expect((await run(['apply', file])).stdout).toBe('Everything is as the file says.\n');
  });

  it('gives a program the secrets of what it has made, also when a later step is refused', async () => {
    const urls = ['https://one.example.test/hooks', 'https://two.example.test/hooks#none'];
    const text = `webhook_endpoints:\n${urls.map((url) => `  - url: ${url}\n`).join('')}`;
    const { code, stdout, stderr } = await run(['apply', await write('refused.yaml', text), '--json']);
    expect({ code, said: stderr.includes('The server refused') }).toEqual({ code: 1, said: true });
    expect(JSON.parse(stdout)).toMatchObject({
      plan: [{ action: 'create' }, { action: 'create' }],
      applied: false,
      secrets: { [`webhook endpoint ${urls[0]}`]: expect.stringMatching(/^whsec_/) },
    });
  });

  it('stops between two steps when it is told to end', async () => {
    const many = Array.from({ length: 400 }, (_, n) => `  - { external_id: many-${n}, display_name: Many ${n} }\n`);
    const file = await write('many.yaml', `organizations:\n${many.join('')}`);
    const applying = startLauncher(['rollcall', 'apply', file], environment());
    await waitUntil(() => applying.stdout().includes('+ organization many-399'));
    const { code, stderr } = await applying.end();
    expect({ code, stderr }).toEqual({ code: 1, stderr: 'Stopped; what was done stays done.\n' });
    const { stdout } = await run(['apply', file, '--dry-run']);
    expect(stdout).toMatch(/[1-9]\d* changes to make; nothing was changed\.\n$/);
  });

  it('says what it cannot bring about before anything is done', async () => {
    const text = ENVIRONMENT.replace('organizations: [globex]', 'organizations: [nobody]').replaceAll('admin', 'owner');
    const { code, stderr } = await run(['apply', await write('environment.yaml', text)]);
    expect({ code, said: stderr.includes('the organization "nobody", which there is not') }).toEqual({
      code: 1,
      said: true,
    });
    const { roles } = await api<{ roles: { role_name: string }[] }>('GET', '/roles');
    expect(roles.map(({ role_name: name }) => name)).not.toContain('owner');
  });
});
