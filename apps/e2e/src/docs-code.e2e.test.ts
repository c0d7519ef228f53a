import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildOktaUser, freePort, startRollcall, waitUntil } from '@rollcall/testing';
import type { RunningRollcall } from '@rollcall/testing';
import { createRollcallClient, isUserEvent } from '@rollcall/sdk';
import type { DirectoryDetail, RollcallClient, UserEvent } from '@rollcall/sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AUTHJS_APP, BETTER_AUTH_APP, SUPERTOKENS_APP } from './support/recipe-apps';
import { createDocsProject, readWrittenPages } from './support/docs-project';
import type { DocsProject } from './support/docs-project';
import { runReadmeCommands } from './support/run-readme-commands';

// The code of the documentation, as it is shown, in a project with the SDK as it is published, against a real server.

const pages = readWrittenPages();
const inTypeScript = pages.filter(({ blocks }) => blocks.some(({ language }) => language === 'ts'));

let project: DocsProject;
let rollcall: RunningRollcall;
let client: RollcallClient;
let directory: DirectoryDetail;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  [project, rollcall] = await Promise.all([createDocsProject(pages), startRollcall()]);
  const { client_id: clientId, client_secret: clientSecret } = rollcall.bootstrap;
  client = createRollcallClient({ baseUrl: rollcall.baseUrl, clientId, clientSecret });
  const organization = await client.organizations.create({ display_name: 'Acme', external_id: 'docs' });
  await client.organizations.updateSettings(organization.id, { features: [{ name: 'dir_sync', enabled: true }] });
  directory = await client.directories.create(organization.id, { directory_provider: 'OKTA' });
  const { plain_secret: token } = await client.directorySecrets.create(organization.id, directory.id);
  const written = await fetch(`${directory.directory_endpoint}/Users`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
    body: JSON.stringify(buildOktaUser(1)),
  });
  expect(written.status).toBe(201);
  const { api_key: key } = await client.apiClients.create({ name: 'Docs', scopes: ['read', 'write'] });
  env = { PATH: process.env.PATH, ROLLCALL_URL: rollcall.baseUrl, ROLLCALL_API_KEY: key };
});

afterAll(async () => {
  await rollcall?.stop();
  project?.remove();
});

it('every file of every page is right by the compiler', () => {
  expect(inTypeScript.map(({ slug }) => slug)).toEqual(expect.arrayContaining(['recipes/express', 'recipes/authjs']));
  for (const { slug, blocks } of inTypeScript)
    expect({ slug, withoutName: blocks.filter(({ language, file }) => language === 'ts' && file === null) }).toEqual({
      slug,
      withoutName: [],
    });
  expect(project.check()).toEqual([]);
});

/** Runs JavaScript beside the files of a page; what it printed. */
async function runBeside(slug: string, script: string, more: NodeJS.ProcessEnv = {}): Promise<string> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    cwd: project.folderOf(slug),
    env: { ...env, ...more },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
  const [code] = await once(child, 'close');
  expect({ code, said }).toMatchObject({ code: 0 });
  return said;
}

/** An event of the person, as the feed has it. */
async function readUserEvent(): Promise<UserEvent> {
  const types = ['organization.directory.user_created'];
  const read = async () =>
    (await client.events.readPage({ directory_id: directory.id, types })).events.find(isUserEvent);
  await waitUntil(async () => (await read()) !== undefined);
  return (await read())!;
}

const PAGES: Record<string, (event: UserEvent) => Promise<void>> = {
  'concepts/events': async (event) => {
    const left = { ...event, data: { ...event.data, active: false } };
    const script = `import { handleEvent } from './handle-event.js'; await handleEvent(${JSON.stringify(left)});`;
    expect(await runBeside('concepts/events', script)).toContain(`sign out ${event.data.id} everywhere`);
  },
  'concepts/ordering': async (event) => {
    const script = `import { keepDirectory } from './keep-directory.js'; await keepDirectory(${JSON.stringify(event)}); console.log('kept');`;
    expect(await runBeside('concepts/ordering', script)).toBe('kept\n');
  },
  'concepts/delivery': async (event) => {
    const script = `import { readFeed } from './read-feed.js'; await readFeed(undefined);`;
    expect(await runBeside('concepts/delivery', script)).toContain(`${event.id} ${event.type}`);
  },
  'concepts/snapshots': async () => {
    const script = `import { catchUp } from './reconcile.js'; await catchUp();`;
    expect(await runBeside('concepts/snapshots', script)).toContain(`${directory.id} is complete up to`);
  },
  'recipes/express': () => expectDelivered('recipes/express', 'app.js'),
  'recipes/nestjs': () => expectDelivered('recipes/nestjs', 'main.js'),
  'recipes/authjs': () =>
    expectSignedOut('recipes/authjs', AUTHJS_APP, async ({ send, hears }) => {
      // Whom the directory brings is known before the first sign-in.
      await send('POST', '/Users', { userName: 'bob@acme.test', emails: [{ value: 'bob@acme.test' }], active: true });
      await hears('user_created true signed out given');
    }),
  'recipes/better-auth': () => expectSignedOut('recipes/better-auth', BETTER_AUTH_APP),
  'recipes/supertokens': () => expectSignedOut('recipes/supertokens', SUPERTOKENS_APP),
  'recipes/nextjs': async () => {
    const route = pathToFileURL(join(project.folderOf('recipes/nextjs'), 'app/webhooks/rollcall/route.js')).href;
    // As Next.js calls a route handler.
    const server = `import { createServer } from 'node:http'; import { buffer } from 'node:stream/consumers'; import { POST } from '${route}';
      createServer(async (request, response) => {
        const answer = await POST(new Request('http://app', { method: 'POST', headers: request.headers, body: await buffer(request) }));
        response.writeHead(answer.status).end(await answer.text());
      }).listen(Number(process.env.APP_PORT));`;
    await expectDelivered('recipes/nextjs', ['--input-type=module', '-e', server]);
  },
};

/** Starts an app, has an event delivered to it by the server, and sends it one that nobody signed. */
async function expectDelivered(slug: string, program: string | string[]): Promise<void> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/webhooks/rollcall`;
  const { webhook_endpoint: endpoint, secret } = await client.webhookEndpoints.create({ url });
  const app: ChildProcess = spawn(process.execPath, [program].flat(), {
    cwd: project.folderOf(slug),
    env: { ...env, APP_PORT: String(port), ROLLCALL_WEBHOOK_SECRET: secret },
  });
  let said = '';
  for (const stream of [app.stdout, app.stderr]) stream?.setEncoding('utf8').on('data', (text) => (said += text));
  try {
    const refuse = () => fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
    const isUp = () =>
      refuse().then(
        () => true,
        () => false,
      );
    await waitUntil(isUp, { what: `the app of ${slug}, which says: ${said}` });
    expect((await refuse()).status).toBe(400);
    await client.webhookEndpoints.test(endpoint.id, { type: 'organization.directory.user_created' });
    await waitUntil(() => said.includes('organization.directory.user_created'), {
      what: `a delivery to ${slug}: ${said}`,
    });
    const deliveries = () => client.webhookEndpoints.listDeliveries(endpoint.id).page();
    await waitUntil(async () => (await deliveries()).items.some(({ state }) => state === 'succeeded'));
  } finally {
    // One that could not start has ended already.
    if (app.exitCode === null && app.kill()) await once(app, 'exit');
    await client.webhookEndpoints.delete(endpoint.id);
  }
}

/** An app that takes events, and the identity provider of its users. */
interface RunningApp {
  send: (method: string, path: string, body?: object) => Promise<string>;
  /** Waits until the app has said something. */
  hears: (line: string) => Promise<unknown>;
}

/**
 * A person whom the identity provider deactivates is signed out of the app and not let in, one whom it takes back is, and one whom it
 * deletes is not.
 */
async function expectSignedOut(slug: string, source: string, more?: (app: RunningApp) => Promise<void>): Promise<void> {
  const { plain_secret: token } = await client.directorySecrets.create(directory.organization_id, directory.id);
  const send = async (method: string, path: string, body?: object) => {
    const response = await fetch(`${directory.directory_endpoint}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
      body: body && JSON.stringify(body),
    });
    expect(response.ok).toBe(true);
    return response.text();
  };
  const ada = { userName: 'ada@acme.test', emails: [{ value: 'ada@acme.test' }] };
  const { id } = JSON.parse(await send('POST', '/Users', { ...ada, active: true })) as { id: string };
  const port = await freePort();
  const { webhook_endpoint: endpoint, secret } = await client.webhookEndpoints.create({
    url: `http://127.0.0.1:${port}/`,
    event_types: (['created', 'updated', 'deleted'] as const).map(
      (how) => `organization.directory.user_${how}` as const,
    ),
    ordering: 'fifo',
  });
  const app = spawn(process.execPath, ['--input-type=module', '-e', source], {
    cwd: project.folderOf(slug),
    env: {
      ...env,
      APP_PORT: String(port),
      ROLLCALL_WEBHOOK_SECRET: secret,
      DIRECTORY_USER: `diruser_${id}`,
      AUTH_SECRET: randomBytes(32).toString('base64'),
    },
  });
  let said = '';
  for (const stream of [app.stdout, app.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
  const hears = (line: string) => waitUntil(() => said.includes(line), { what: `"${line}" of the app: ${said}` });
  try {
    await hears('ready');
    await send('PUT', `/Users/${id}`, { ...ada, active: false });
    await hears('user_updated false signed out refused');
    await send('PUT', `/Users/${id}`, { ...ada, active: true });
    // The session of before is gone for good.
    await hears('user_updated true signed out given');
    await send('DELETE', `/Users/${id}`);
    await hears('user_deleted true signed out refused');
    await more?.({ send, hears });
  } finally {
    if (app.exitCode === null && app.kill()) await once(app, 'exit');
    await client.webhookEndpoints.delete(endpoint.id);
  }
}

// What is skipped is listed by a name that says why.
const named = inTypeScript.map((page) => ({ ...page, why: page.notRun === undefined ? '' : ` (${page.notRun})` }));

describe.each(named)('the code of $slug$why', ({ slug, notRun }) => {
  it.skipIf(notRun !== undefined)('runs, and does what the page says', async () => {
    const run = PAGES[slug];
    expect(run, `how ${slug} is run, or "not_run" in the page`).toBeDefined();
    await run?.(await readUserEvent());
  });
});

it('the command that sets the guard of a directory works as it stands', async ({ skip }) => {
  const [command = ''] = pages
    .find(({ slug }) => slug === 'concepts/deprovisioning-guard')!
    .blocks.filter(({ language }) => language === 'sh')
    .map(({ code }) => code);
  const { organization_id: organization, id } = directory;
  const given = {
    ROLLCALL: 'http://localhost:4000',
    TOKEN: await rollcall.accessToken(),
    ORGANIZATION: organization,
    DIRECTORY: id,
  };
  const exports = Object.entries(given).map(([name, value]) => `export ${name}=${value}`);
  const { port } = new URL(rollcall.baseUrl);
  const run = await runReadmeCommands([`${exports.join('\n')}\n${command}`], {
    folder: project.folder,
    port: Number(port),
  });
  if (!run) return skip('curl is not installed');
  expect(run).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(run.stdout)).toMatchObject({
    directory: { deprovision_guard: { max_users: 50, max_percent: 20 } },
  });
});

it('every shell command is on a page that a test runs', () => {
  const withCommands = pages.filter(({ blocks }) => blocks.some(({ language }) => language === 'sh'));
  expect(withCommands.map(({ slug }) => slug)).toEqual(['quickstart', 'concepts/deprovisioning-guard']);
});
