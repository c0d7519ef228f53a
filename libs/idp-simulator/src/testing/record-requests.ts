import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { type DialectName, findDialect, type Person, simulateProvider } from '../index';
import type { SimulatedProvider } from '../index';

export interface Recorded {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: Record<string, unknown>;
}

export interface Canned {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
  raw?: Buffer | string;
}

export const EMPTY_LIST = {
  schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
  totalResults: 0,
  startIndex: 1,
  itemsPerPage: 0,
  Resources: [],
};
export const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
export const CORE_USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

export const CORE_GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';

export const listOf = (...Resources: unknown[]): unknown => ({
  ...EMPTY_LIST,
  totalResults: Resources.length,
  Resources,
});
const schema = (id: string, names: string[]): unknown => ({
  id,
  attributes: [...names.map((name) => ({ name, mutability: 'readWrite' })), { name: 'groups', mutability: 'readOnly' }],
});
export const CONFIG = {
  patch: { supported: true },
  filter: { supported: true, maxResults: 50 },
  etag: { supported: true },
  pagination: { cursor: true, index: true },
};
export const DISCOVERY: Record<string, unknown> = {
  ServiceProviderConfig: CONFIG,
  ResourceTypes: listOf(
    { endpoint: '/Users', schema: CORE_USER, schemaExtensions: [{ schema: ENTERPRISE, required: false }] },
    { endpoint: '/Groups', schema: CORE_GROUP },
  ),
  Schemas: listOf(
    schema(CORE_USER, ['userName', 'name', 'displayName', 'emails', 'title', 'active', 'phoneNumbers']),
    schema(ENTERPRISE, ['department', 'employeeNumber', 'manager']),
    schema(CORE_GROUP, ['displayName', 'members']),
  ),
};

export const ada: Person = {
  id: '00uada',
  userName: 'ada@x.example',
  givenName: 'Ada',
  familyName: 'Ray',
  email: 'ada@x.example',
};
export const bo: Person = {
  id: '00ubo',
  userName: 'bo@x.example',
  givenName: 'Bo',
  familyName: 'Li',
  email: 'bo@x.example',
  department: 'R&D',
};
export const team = { id: '00gteam', name: 'Team "A"', members: ['00uada', '00ubo'] };

/** Starts an application, for the length of a test, that records every request; it answers with the queued answers first, then with the plainest answer of its kind. */
export async function record(queue: Canned[] = []): Promise<{ baseUrl: string; requests: Recorded[] }> {
  const requests: Recorded[] = [];
  let made = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      const { method = '', url = '', headers } = request;
      requests.push({ method, path: url, headers, body: text ? (JSON.parse(text) as Recorded['body']) : {} });
      const canned = queue.shift() ?? plainAnswer(method, url, () => String(++made));
      response.writeHead(canned.status, { 'Content-Type': 'application/scim+json', ...canned.headers });
      response.end(canned.raw ?? (canned.body === undefined ? undefined : JSON.stringify(canned.body)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => void server.close(() => resolve())));
  return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/scim/k/v2`, requests };
}

function plainAnswer(method: string, url: string, nextId: () => string): Canned {
  const discovery = DISCOVERY[url.split('/').at(-1) ?? ''];
  if (discovery) return { status: 200, body: discovery };
  if (method === 'POST') return { status: 201, body: { id: `r${nextId()}` } };
  if (method === 'DELETE' || method === 'PATCH') return { status: 204 };
  if (/\/(Users|Groups)\/\w/.test(url)) return { status: 200, body: { id: 'r1' }, headers: { ETag: 'W/"1"' } };
  return { status: 200, body: EMPTY_LIST };
}

export function provider(
  name: DialectName,
  baseUrl: string,
  options: Partial<Parameters<typeof simulateProvider>[0]> = {},
): SimulatedProvider {
  return simulateProvider({
    dialect: findDialect(name),
    connection: { baseUrl, token: 't0ken' },
    scenario: { people: [ada, bo], groups: [team] },
    sleep: async () => {},
    ...options,
  });
}

export const outline = (requests: Recorded[]): string[] =>
  requests.map(({ method, path }) => `${method} ${decodeURIComponent(path.replace('/scim/k/v2', ''))}`);

export function last(requests: Recorded[]): Recorded {
  const request = requests.at(-1);
  if (!request) throw new Error('Nothing was requested.');
  return request;
}
