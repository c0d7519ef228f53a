import { newId } from '@rollcall/platform';
import { createTestDatabase } from '@rollcall/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { migrateDatabase } from '@rollcall/database';
import type { DeliveryAnswer } from './webhook-endpoints/delivery.dto';
import type { WebhookEndpointSecretAnswer } from './webhook-endpoints/webhook-endpoint.dto';
import { pathOf, startApi } from './testing/start-api';
import type { ErrorBody, TestApi } from './testing/start-api';

// Every operation of the OpenAPI document is tried, so that a new one is covered, or fails here until it is told how to call it.

interface Schema {
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
}

interface Call extends Operation {
  method: string;
  /** Below /api/v1, with its parameters in braces. */
  path: string;
  body: Schema | undefined;
}

let test: TestApi;
let schemas: Record<string, Schema>;
let calls: Call[];
/** An object of this environment for each parameter of a path. */
let known: Record<string, string>;

/** A body that would be taken, for each operation that must have one. */
const BODIES: Record<string, object> = {
  createOrganization: { display_name: 'X' },
  updateOrganizationSettings: { features: [{ name: 'dir_sync', enabled: true }] },
  createDirectory: { directory: { directory_type: 'SCIM', directory_provider: 'OKTA' } },
  createRole: { role_name: 'x' },
  assignRoles: { assignments: [] },
  mapAttributes: { attributes: [] },
  createWebhookEndpoint: { url: 'http://127.0.0.1:9/' },
};

beforeAll(async () => {
  test = await startApi(await createTestDatabase({ migrate: migrateDatabase }), {
    ALLOW_PRIVATE_WEBHOOK_TARGETS: 'true',
  });
  const document = (await (await fetch(`${test.ingress.baseUrl}/api/openapi.json`)).json()) as {
    paths: Record<string, Record<string, Operation>>;
    components: { schemas: Record<string, Schema> };
  };
  schemas = document.components.schemas;
  calls = Object.entries(document.paths)
    .filter(([path]) => path.startsWith('/api/v1/'))
    .flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, operation]) => ({
        ...operation,
        method: method.toUpperCase(),
        path: path.slice('/api/v1'.length),
        body: operation.requestBody?.content['application/json']?.schema,
      })),
    );
  known = await makeObjects();
});

afterAll(() => test?.stop());

async function makeObjects(): Promise<Record<string, string>> {
  const { api } = test;
  const directory = await test.newDirectory();
  const organization = `/organizations/${directory.organization_id}`;
  const scim = await test.newScim(directory);
  const user = await scim.call('POST', '/Users', { userName: 'ann@acme.test' });
  const group = await scim.call('POST', '/Groups', { displayName: 'G' });
  const secrets = await api.call<{ secrets: { id: string }[] }>('GET', `${pathOf(directory)}/secrets`);
  const link = await api.call<{ link: { id: string } }>('PUT', `${organization}/portal_links?features=dir_sync`);
  await api.call('POST', '/roles', { role_name: 'admin' });
  await api.call('PATCH', organization, { external_id: 'acme' });
  const url = 'http://127.0.0.1:9/';
  const created = await api.call<WebhookEndpointSecretAnswer>('POST', '/webhook_endpoints', { url });
  const endpoint = `/webhook_endpoints/${created.body.webhook_endpoint.id}`;
  const delivery = await api.call<DeliveryAnswer>('POST', `${endpoint}:test`);
  const replay = await api.call<{ replay: { id: string } }>('POST', `${endpoint}:replay`);
  return {
    organization_id: directory.organization_id,
    external_id: 'acme',
    directory_id: directory.id,
    secret_id: secrets.body.secrets[0]?.id ?? '',
    link_id: link.body.link.id,
    user_id: `diruser_${user.body.id}`,
    group_id: `dirgroup_${group.body.id}`,
    role_name: 'admin',
    endpoint_id: created.body.webhook_endpoint.id,
    delivery_id: delivery.body.delivery.id,
    replay_id: replay.body.replay.id,
  };
}

const nameOf = ({ method, path }: Call): string => `${method} ${path}`;

const pathNames = ({ path }: Call): string[] => [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);

/** The path with a known object in the place of each parameter, or what is given instead. */
function fill(call: Call, instead: Record<string, string> = {}): string {
  return call.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = instead[name] ?? known[name];
    if (!value) throw new Error(`${nameOf(call)}: say in makeObjects what {${name}} is.`);
    return encodeURIComponent(value);
  });
}

/** A body that is right by itself. */
function rightBody(call: Call): object | undefined {
  if (!call.body) return undefined;
  const required = resolve(call.body).required ?? [];
  const body = BODIES[call.operationId] ?? {};
  const missing = required.filter((name) => !(name in body));
  if (missing.length > 0) throw new Error(`${nameOf(call)}: say in BODIES what ${missing.join(', ')} may be.`);
  return body;
}

function resolve(schema: Schema): Schema {
  const [part] = schema.allOf ?? schema.oneOf ?? [];
  if (part) return resolve(part);
  return schema.$ref === undefined ? schema : (schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {});
}

interface Answer {
  status: number;
  body: ErrorBody | undefined;
}

async function send(
  call: Call,
  path: string,
  init: { token?: string | null; type?: string; text?: string } = {},
): Promise<Answer> {
  const { token = test.api.accessToken, type = 'application/json', text } = init;
  const response = await fetch(`${test.ingress.baseUrl}/api/v1${path}`, {
    method: call.method,
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

const sendBody = (call: Call, body: unknown): Promise<Answer> => send(call, fill(call), { text: JSON.stringify(body) });

/** Tries something with every operation that it applies to and gathers the answers that are not as they should be. */
async function findWrong(attempt: (call: Call) => Promise<(string | false)[]>): Promise<string[]> {
  const wrong: string[] = [];
  for (const call of calls) {
    for (const finding of await attempt(call)) if (finding !== false) wrong.push(`${nameOf(call)} ${finding}`);
  }
  return wrong;
}

/** False when the answer is this error with a message to read; otherwise what was tried and what came. */
function unless({ status, body }: Answer, expected: number, code: RegExp, tried: string): string | false {
  const error = body?.error;
  if (status === expected && error && code.test(error.code) && error.message.length > 10) return false;
  return `${tried}: ${status} ${JSON.stringify(body)?.slice(0, 120)}`;
}

it('knows operations of the management API to try', () => {
  expect(calls.length).toBeGreaterThan(50);
  for (const call of calls) expect([fill(call), rightBody(call)]).toBeDefined();
});

it('refuses a missing and a wrong credential at every operation with 401', async () => {
  const wrong = await findWrong(async (call) => {
    const answers = await Promise.all([null, 'garbage'].map((token) => send(call, fill(call), { token })));
    return answers.map((answer) => unless(answer, 401, /^(unauthenticated|invalid_token)$/, 'without a credential'));
  });
  expect(wrong).toEqual([]);
});

it('answers 404 to every operation on an object that is unknown, of another kind, or no id at all', async () => {
  const unknown = (name: string): string[] => {
    const value = known[name] ?? '';
    const prefix = /^[a-z]+_(?=.{26}$)/.exec(value)?.[0];
    return prefix ? [`${prefix}${newId()}`, `lnkx_${newId()}`, 'x', `${value}0`] : ['nobody', 'x'.repeat(300)];
  };
  const wrong = await findWrong(async (call) => {
    const body = rightBody(call);
    const text = body && JSON.stringify(body);
    const tried = pathNames(call).flatMap((name) => unknown(name).map((value) => ({ name, value })));
    return Promise.all(
      tried.map(async ({ name, value }) =>
        unless(
          await send(call, fill(call, { [name]: value }), { text }),
          404,
          /not_found$/,
          `with ${name} ${value.slice(0, 40)}`,
        ),
      ),
    );
  });
  expect(wrong).toEqual([]);
});

it("answers 404 to every operation on another environment's object", async () => {
  const wrong = await findWrong(async (call) => {
    if (pathNames(call).length === 0) return [];
    const body = rightBody(call);
    const init = { token: test.foreign.accessToken, text: body && JSON.stringify(body) };
    return [unless(await send(call, fill(call), init), 404, /_not_found$/, 'by a stranger')];
  });
  expect(wrong).toEqual([]);
});

it('refuses at every operation a query that is unknown or cannot be read with 400', async () => {
  const wrong = await findWrong(async (call) => {
    const query = (call.parameters ?? []).filter((parameter) => parameter.in === 'query');
    if (query.length === 0) return [];
    const tried = [
      ...query.flatMap(({ name, schema }) => wrongQueries(schema).map((value) => [name, value] as const)),
      ['nonsense', '1'] as const,
    ];
    return Promise.all(
      tried.map(async ([name, value]) =>
        unless(
          await send(call, `${fill(call)}?${name}=${encodeURIComponent(value)}`),
          400,
          /^invalid_/,
          `with ${name}=${value}`,
        ),
      ),
    );
  });
  expect(wrong).toEqual([]);
});

function wrongQueries(schema: Schema): string[] {
  const { minimum, maximum } = resolve(schema);
  return [
    'no such value',
    ...(minimum === undefined ? [] : [String(minimum - 1)]),
    ...(maximum === undefined ? [] : [String(maximum + 1)]),
  ];
}

it('refuses at every operation that takes a body an unknown field with 400, and names it', async () => {
  const wrong = await findWrong(async (call) => {
    if (!call.body) return [];
    return [
      unlessNamed(await sendBody(call, { ...rightBody(call), nonsense: 1 }), 'nonsense', 'with an unknown field'),
    ];
  });
  expect(wrong).toEqual([]);
});

it('refuses at every operation every field of a wrong type, too long or out of range with 400, and names it', async () => {
  const wrong = await findWrong(async (call) => {
    const fields = Object.entries(call.body ? (resolve(call.body).properties ?? {}) : {});
    const tried = fields.flatMap(([name, schema]) => wrongValues(schema).map((value) => ({ name, value })));
    return Promise.all(
      tried.map(async ({ name, value }) =>
        unlessNamed(
          await sendBody(call, { ...rightBody(call), [name]: value }),
          name,
          `with ${name} ${JSON.stringify(value).slice(0, 40)}`,
        ),
      ),
    );
  });
  expect(wrong).toEqual([]);
});

/** Values that a field must not have, by its schema. */
function wrongValues(schema: Schema): unknown[] {
  const { type, format, enum: allowed, maxLength, maxItems, minimum, maximum, properties } = resolve(schema);
  const isOf = (name: string) => [type].flat().includes(name);
  return [
    ...(isOf('string') ? [7, { a: 1 }, ['x']] : ['x']),
    ...(isOf('array') ? [[{}]] : []),
    ...(isOf('integer') ? [1.5, '1'] : []),
    ...(properties ? [{ nonsense: 1 }, []] : []),
    ...(allowed || format === 'date-time' ? ['no such value'] : []),
    ...(maxLength === undefined ? [] : ['x'.repeat(maxLength + 1), 'a\0b']),
    ...(maxItems === undefined ? [] : [Array.from({ length: maxItems + 1 }, () => 'x')]),
    ...(minimum === undefined ? [] : [minimum - 1]),
    ...(maximum === undefined ? [] : [maximum + 1]),
  ];
}

function unlessNamed(answer: Answer, name: string, tried: string): string | false {
  const problem = unless(answer, 400, /^invalid_request$/, tried);
  if (problem !== false) return problem;
  const fields = (answer.body?.error.details?.['fields'] ?? []) as { field: string }[];
  return fields.some(({ field }) => field === name || field.startsWith(`${name}.`))
    ? false
    : `${tried}: does not name it`;
}

it('refuses at every operation that takes a body what is no JSON object with 400, and what is no JSON with 415', async () => {
  const wrong = await findWrong(async (call) => {
    if (!call.body) return [];
    const path = fill(call);
    return [
      unless(await send(call, path, { text: '{"a":' }), 400, /^malformed_json$/, 'with cut JSON'),
      unless(await send(call, path, { text: '[]' }), 400, /^invalid_request$/, 'with a list'),
      unless(await send(call, path, { text: '"x"' }), 400, /^invalid_request$/, 'with a text'),
      unless(
        await send(call, path, { text: 'a=b', type: 'text/plain' }),
        415,
        /^unsupported_media_type$/,
        'as text/plain',
      ),
    ];
  });
  expect(wrong).toEqual([]);
});

it('answers 405 to a method that a path does not have, or 404 where it then reads as an id', async () => {
  const methods = ['GET', 'PUT', 'PATCH', 'DELETE', 'POST'];
  const wrong = await findWrong(async (call) => {
    const taken = calls.filter(({ path }) => path === call.path).map(({ method }) => method);
    const method = methods.find((name) => !taken.includes(name)) ?? '';
    const answer = await send({ ...call, method }, fill(call));
    const isRead = /\}:\w+$/.test(call.path) && answer.status === 404;
    return [
      isRead
        ? unless(answer, 404, /_not_found$/, `by ${method}`)
        : unless(answer, 405, /^method_not_allowed$/, `by ${method}`),
    ];
  });
  expect(wrong).toEqual([]);
});
