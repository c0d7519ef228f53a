import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClientSecretAnswer } from '../api-clients/api-client.dto';
import type { ErasureAnswer } from '../erasures/erasure.dto';
import type { NewHandOverAnswer } from '../hand-overs/hand-over.dto';
import type { RequestList } from '../requests/request.dto';
import type { DeliveryAnswer } from '../webhook-endpoints/delivery.dto';
import type { WebhookEndpointSecretAnswer } from '../webhook-endpoints/webhook-endpoint.dto';
import { drain } from './drain.test-support';
import { pathOf } from './start-api';
import type { ErrorBody, TestApi } from './start-api';

// Every operation of the OpenAPI document is tried, so that a new one is covered, or fails until it is told how to call it.

export interface Schema {
  $ref?: string;
  allOf?: Schema[];
  oneOf?: Schema[];
  type?: string | string[];
  format?: string;
  enum?: unknown[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  maxLength?: number;
  maxItems?: number;
  minimum?: number;
  maximum?: number;
}

interface Operation {
  operationId: string;
  parameters?: { name: string; in: string; schema: Schema }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  security?: Record<string, string[]>[];
  'x-organization-clients'?: string;
  'x-member-role'?: string;
}

export interface Call extends Operation {
  method: string;
  /** Below /api/v1, with its parameters in braces. */
  path: string;
  body: Schema | undefined;
}

export interface OperationAnswer {
  status: number;
  body: ErrorBody | undefined;
}

/** Whether an operation changes nothing: every GET, and one whose filter is a body. */
export function isReading({ method, operationId }: Call): boolean {
  return method === 'GET' || operationId === 'listEventsPaginated';
}

/** A body that would be taken, for each operation that must have one. */
const BODIES: Record<string, object> = {
  createApiClient: { name: 'X', scopes: ['read'] },
  createOrganization: { display_name: 'X' },
  updateOrganizationSettings: { features: [{ name: 'dir_sync', enabled: true }] },
  createDirectory: { directory: { directory_type: 'SCIM', directory_provider: 'OKTA' } },
  createRole: { role_name: 'x' },
  assignRoles: { assignments: [] },
  mapAttributes: { attributes: [] },
  createContact: { email: 'it@acme.test' },
  sendTestMail: { email: 'it@acme.test' },
  createWebhookEndpoint: { url: 'http://127.0.0.1:9/' },
};

/** A query that an operation does not go without. */
const QUERIES: Record<string, string> = { findPerson: '?name=ann', searchOrganizations: '?query=acme' };

/** The operations of the management API, and an object of the environment for each of their parameters. */
export interface OperationWalk {
  calls: readonly Call[];
  /** By the name of a path's parameter. */
  known: Readonly<Record<string, string>>;
  /** The path with a known object in the place of each parameter, or what is given instead, and a query where there must be one. */
  fill(call: Call, instead?: Record<string, string>): string;
  /** A body that is right by itself. */
  rightBody(call: Call): object | undefined;
  resolve(schema: Schema): Schema;
  /** Calls with the token of the suite's client, another, or none. */
  send(
    call: Pick<Call, 'method'>,
    path: string,
    init?: { token?: string | null; type?: string; text?: string },
  ): Promise<OperationAnswer>;
  /** Tries something with every operation that it applies to and gathers the answers that are not as they should be. */
  findWrong(attempt: (call: Call) => Promise<(string | false)[]>): Promise<string[]>;
}

/** What a walk needs of a running API. */
type WalkedApi = Pick<TestApi, 'api' | 'newScim'> & {
  ingress: Pick<TestApi['ingress'], 'baseUrl'>;
  /** Where its directories live. */
  database: Pick<TestApi['database'], 'appUrl'>;
  newDirectory: () => ReturnType<TestApi['newDirectory']>;
};

/** Reads the document of a running ingress that allows private webhook targets, and makes the objects. */
export async function walkOperations(test: WalkedApi): Promise<OperationWalk> {
  const { calls, schemas } = await readOperations(test.ingress.baseUrl);
  const known = await makeObjects(test);
  const resolve = (schema: Schema): Schema => {
    const [part] = schema.allOf ?? schema.oneOf ?? [];
    if (part) return resolve(part);
    return schema.$ref === undefined ? schema : (schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {});
  };
  return {
    calls,
    known,
    resolve,
    fill(call, instead = {}) {
      const path = call.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
        const value = instead[name] ?? known[name];
        if (!value) throw new Error(`${nameOf(call)}: say in makeObjects what {${name}} is.`);
        return encodeURIComponent(value);
      });
      return path + (QUERIES[call.operationId] ?? '');
    },
    rightBody(call) {
      if (!call.body) return undefined;
      const body = BODIES[call.operationId] ?? {};
      const missing = (resolve(call.body).required ?? []).filter((name) => !(name in body));
      if (missing.length > 0) throw new Error(`${nameOf(call)}: say in BODIES what ${missing.join(', ')} may be.`);
      return body;
    },
    send: ({ method }, path, { token = test.api.accessToken, type = 'application/json', text } = {}) =>
      send(`${test.ingress.baseUrl}/api/v1${path}`, method, { token, type, text }),
    async findWrong(attempt) {
      const wrong: string[] = [];
      for (const call of calls) {
        for (const finding of await attempt(call)) if (finding !== false) wrong.push(`${nameOf(call)} ${finding}`);
      }
      return wrong;
    },
  };
}

export const nameOf = ({ method, path }: Call): string => `${method} ${path}`;

export const pathNames = ({ path }: Call): string[] => [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);

/** False when the answer is this error with a message to read; otherwise what was tried and what came. */
export function unless(
  { status, body }: OperationAnswer,
  expected: number,
  code: RegExp,
  tried: string,
): string | false {
  const error = body?.error;
  if (status === expected && error && code.test(error.code) && error.message.length > 10) return false;
  return `${tried}: ${status} ${JSON.stringify(body)?.slice(0, 120)}`;
}

async function readOperations(baseUrl: string): Promise<{ calls: Call[]; schemas: Record<string, Schema> }> {
  const document = (await (await fetch(`${baseUrl}/api/openapi.json`)).json()) as {
    paths: Record<string, Record<string, Operation>>;
    components: { schemas: Record<string, Schema> };
  };
  const calls = Object.entries(document.paths)
    .filter(([path]) => path.startsWith('/api/v1/'))
    .flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, operation]) => ({
        ...operation,
        method: method.toUpperCase(),
        path: path.slice('/api/v1'.length),
        body: operation.requestBody?.content['application/json']?.schema,
      })),
    );
  return { calls, schemas: document.components.schemas };
}

async function makeObjects(test: WalkedApi): Promise<Record<string, string>> {
  const { api } = test;
  const directory = await test.newDirectory();
  const organization = `/organizations/${directory.organization_id}`;
  const scim = await test.newScim(directory);
  const user = await scim.call('POST', '/Users', { userName: 'ann@acme.test' });
  const group = await scim.call('POST', '/Groups', { displayName: 'G' });
  const client = await api.call<ApiClientSecretAnswer>('POST', '/api_clients', { name: 'X', scopes: ['read'] });
  const left = await scim.call('POST', '/Users', { userName: 'left@acme.test' });
  await scim.call('DELETE', `/Users/${left.body.id}`);
  const erased = await api.call<ErasureAnswer>('POST', `${pathOf(directory)}/users/diruser_${left.body.id}:erase`);
  const secrets = await api.call<{ secrets: { id: string }[] }>('GET', `${pathOf(directory)}/secrets`);
  const link = await api.call<{ link: { id: string } }>('PUT', `${organization}/portal_links?features=dir_sync`);
  const handOver = await api.call<NewHandOverAnswer>('POST', `${pathOf(directory)}/hand_overs`);
  const contact = await api.call<{ contact: { id: string } }>('POST', `${organization}/contacts`, {
    email: 'known@acme.test',
  });
  const request = await firstRequest(test, pathOf(directory));
  await api.call('POST', '/roles', { role_name: 'admin' });
  await api.call('PATCH', organization, { external_id: 'acme' });
  const url = 'http://127.0.0.1:9/';
  const created = await api.call<WebhookEndpointSecretAnswer>('POST', '/webhook_endpoints', { url });
  const endpoint = `/webhook_endpoints/${created.body.webhook_endpoint.id}`;
  const delivery = await api.call<DeliveryAnswer>('POST', `${endpoint}:test`);
  const replay = await api.call<{ replay: { id: string } }>('POST', `${endpoint}:replay`);
  await drain(test.database.appUrl, directory.id);
  const feed = await api.call<{ events: { id: string }[] }>('GET', '/events:latest');
  return {
    organization_id: directory.organization_id,
    external_id: 'acme',
    directory_id: directory.id,
    client_id: client.body.api_client.client_id,
    secret_id: secrets.body.secrets[0]?.id ?? '',
    link_id: link.body.link.id,
    hand_over_id: handOver.body.hand_over.id,
    contact_id: contact.body.contact.id,
    user_id: `diruser_${user.body.id}`,
    group_id: `dirgroup_${group.body.id}`,
    role_name: 'admin',
    endpoint_id: created.body.webhook_endpoint.id,
    delivery_id: delivery.body.delivery.id,
    replay_id: replay.body.replay.id,
    erasure_id: erased.body.erasure.id,
    event_id: feed.body.events[0]?.id ?? '',
    request_id: request,
  };
}

/** A request is in the log a moment after its answer. */
async function firstRequest({ api }: WalkedApi, directory: string): Promise<string> {
  for (;;) {
    const list = await api.call<RequestList>('GET', `${directory}/requests`);
    const [request] = list.body.requests;
    if (request) return request.id;
    await sleep(50);
  }
}

async function send(
  url: string,
  method: string,
  { token, type, text }: { token: string | null; type: string; text?: string },
): Promise<OperationAnswer> {
  const response = await fetch(url, {
    method,
    headers: {
      ...(token !== null && { authorization: `Bearer ${token}` }),
      ...(text !== undefined && { 'content-type': type }),
    },
    body: text,
  });
  const answer = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
  return { status: response.status, body: isJson ? (JSON.parse(answer) as ErrorBody) : undefined };
}
