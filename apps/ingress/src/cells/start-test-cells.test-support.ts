import { createLogger, readConfig } from '@rollcall/platform';
import type { Operations } from '@rollcall/platform';
import { createTestDatabase, newSecretKey, waitUntil } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import {
  bootstrapDatabase,
  createEnvironment,
  migrateDatabase,
  moveOrganization,
  openCell,
  readPlacement,
} from '@rollcall/database';
import type { EnvironmentCredentials } from '@rollcall/database';
import { connectApi } from '../management/testing/api-client';
import type { ApiClient } from '../management/testing/api-client';
import type { DirectoryAnswer, DirectoryItem } from '../management/directories/directory.dto';
import type { OrganizationAnswer } from '../management/organizations/organization.dto';
import { runAsAdmin } from '../testing/seed-directory';
import type { RunningIngress } from '../start-ingress';
import { startCells } from './start-cells';

/** A real ingress on a free port over two databases, the control cell and `b`. */
export interface TestCells {
  baseUrl: string;
  control: TestDatabase;
  b: TestDatabase;
  api: ApiClient;
  /** Of another environment. */
  foreign: ApiClient;
  credentials: EnvironmentCredentials;
  operations: Operations;
  logLines(): Record<string, unknown>[];
  /** A new organization in a cell, with Directory Sync on. */
  newOrganization(cell: 'control' | 'b', fields?: object): Promise<string>;
  newDirectory(organizationId: string): Promise<DirectoryItem>;
  /** Moves an organization to the other cell, and waits until the ingress has seen that it has arrived. */
  move(organizationId: string, to: 'control' | 'b'): Promise<void>;
  /** Waits until both cells take requests. */
  whenJoined(): Promise<void>;
  /** Another ingress of the same cells, which takes requests for both. */
  startAnother(): Promise<Pick<TestCells, 'baseUrl' | 'stop'>>;
  stop(): Promise<void>;
}

/** @param env overrides the configuration; `CELLS` for another address of b */
export async function startTestCells(
  env: (databases: {
    control: TestDatabase;
    b: TestDatabase;
  }) => NodeJS.ProcessEnv | Promise<NodeJS.ProcessEnv> = () => ({}),
): Promise<TestCells> {
  const control = await createTestDatabase({ migrate: migrateDatabase });
  const b = await createTestDatabase({ migrate: migrateDatabase });
  const SECRET_KEY = newSecretKey();
  const keys = { secretKey: Buffer.from(SECRET_KEY, 'base64') };
  const made = await bootstrapDatabase({ ownerUrl: control.ownerUrl, keys });
  if (!made) throw new Error('The test database was not empty.');
  const other = await createEnvironment({ ownerUrl: control.ownerUrl, keys, name: 'Other' });
  const lines: string[] = [];
  const config = readConfig({
    PORT: '0',
    DATABASE_URL: control.appUrl,
    CELLS: `b=${b.appUrl}`,
    SECRET_KEY,
    ...(await env({ control, b })),
  });
  const logger = createLogger('test', { level: 'info', destination: { write: (line: string) => lines.push(line) } });
  const start = () => startCells(config, { logger, portalFolder: '/nonexistent' });
  const ingress = await start();
  const baseUrl = `http://127.0.0.1:${ingress.port}`;
  const api = await connectApi(baseUrl, made.credentials);

  return {
    baseUrl,
    control,
    b,
    api,
    foreign: await connectApi(baseUrl, other),
    credentials: made.credentials,
    operations: ingress.operations,
    logLines: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>),
    newOrganization: (cell, fields) => makeOrganization(api, b, { cell, fields }),
    newDirectory: async (organizationId) => {
      const body = { directory: { directory_type: 'SCIM', directory_provider: 'OKTA' } };
      return (await api.call<DirectoryAnswer>('POST', `/organizations/${organizationId}/directories`, body)).body
        .directory;
    },
    whenJoined: () => whenJoined(ingress),
    startAnother: async () => {
      const another = await start();
      await whenJoined(another);
      return { baseUrl: `http://127.0.0.1:${another.port}`, stop: () => another.stop() };
    },
    move: async (organizationId, to) => {
      await moveTo({ control, b, to }, organizationId.slice(4));
      await waitUntil(async () => (await api.call('GET', `/organizations/${organizationId}`)).status === 200);
    },
    stop: async () => {
      await ingress.stop();
      await Promise.all([control.drop(), b.drop()]);
    },
  };
}

async function whenJoined({ operations }: Pick<RunningIngress, 'operations'>): Promise<void> {
  await waitUntil(async () => (await operations.readiness()).degraded.every((name) => !name.startsWith('cell ')), {
    what: 'the other cell to be joined',
  });
}

async function moveTo(
  databases: { control: TestDatabase; b: TestDatabase; to: 'control' | 'b' },
  organizationId: string,
): Promise<void> {
  const open = (name: 'control' | 'b') => openCell({ name, ownerUrl: databases[name].ownerUrl });
  const cells = { control: await open('control'), b: await open('b') };
  try {
    const control = cells.control.dataSource;
    const placement = await readPlacement(control, organizationId);
    if (!placement) throw new Error('the organization has no placement');
    const { to } = databases;
    const from = cells[to === 'b' ? 'control' : 'b'];
    await moveOrganization({ control, placement, from, to: cells[to], noticeMs: 1_500 });
  } finally {
    await Promise.all(Object.values(cells).map(({ dataSource }) => dataSource.destroy()));
  }
}

interface Wanted {
  cell: 'control' | 'b';
  fields?: object | undefined;
}

/** Makes organizations until one comes to the cell; the others are deleted. */
async function makeOrganization(api: ApiClient, b: TestDatabase, { cell, fields }: Wanted): Promise<string> {
  for (let attempt = 0; attempt < 10; attempt++) {
    const body = { display_name: 'Acme', ...fields };
    const { organization } = (await api.call<OrganizationAnswer>('POST', '/organizations', body)).body;
    if ((await hasOrganization(b, organization.id)) === (cell === 'b')) {
      const features = [{ name: 'dir_sync', enabled: true }];
      await api.call('PATCH', `/organizations/${organization.id}/settings`, { features });
      return organization.id;
    }
    await api.call('DELETE', `/organizations/${organization.id}`);
  }
  throw new Error(`no organization came to ${cell}`);
}

/** Whether a cell has an organization, as its database says. */
export async function hasOrganization({ adminUrl }: TestDatabase, id: string): Promise<boolean> {
  const rows = await runAsAdmin(adminUrl, [['SELECT 1 FROM organizations WHERE id = $1', [id.slice(4)]]]);
  return rows.length > 0;
}
