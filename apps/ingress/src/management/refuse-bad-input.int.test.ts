import { newId } from '@rollcall/platform';
import { createTestDatabase } from '@rollcall/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { migrateDatabase } from '@rollcall/database';
import { startApi } from './testing/start-api';
import type { TestApi } from './testing/start-api';
import { pathNames, unless, walkOperations } from './testing/walk-operations';
import type { Call, OperationAnswer, OperationWalk, Schema } from './testing/walk-operations';

let test: TestApi;
let walk: OperationWalk;

beforeAll(async () => {
  test = await startApi(await createTestDatabase({ migrate: migrateDatabase }), {
    ALLOW_PRIVATE_WEBHOOK_TARGETS: 'true',
  });
  walk = await walkOperations(test);
});

afterAll(() => test?.stop());

const sendBody = (call: Call, body: unknown): Promise<OperationAnswer> =>
  walk.send(call, walk.fill(call), { text: JSON.stringify(body) });

it('knows operations of the management API to try', () => {
  expect(walk.calls.length).toBeGreaterThan(50);
  for (const call of walk.calls) expect([walk.fill(call), walk.rightBody(call)]).toBeDefined();
});

it('refuses a missing and a wrong credential at every operation with 401', async () => {
  const wrong = await walk.findWrong(async (call) => {
    const answers = await Promise.all([null, 'garbage'].map((token) => walk.send(call, walk.fill(call), { token })));
    return answers.map((answer) => unless(answer, 401, /^(unauthenticated|invalid_token)$/, 'without a credential'));
  });
  expect(wrong).toEqual([]);
});

it('answers 404 to every operation on an object that is unknown, of another kind, or no id at all', async () => {
  const unknown = (name: string): string[] => {
    const value = walk.known[name] ?? '';
    const prefix = /^[a-z]+_(?=.{26}$)/.exec(value)?.[0];
    return prefix ? [`${prefix}${newId()}`, `lnkx_${newId()}`, 'x', `${value}0`] : ['nobody', 'x'.repeat(300)];
  };
  const wrong = await walk.findWrong(async (call) => {
    const body = walk.rightBody(call);
    const text = body && JSON.stringify(body);
    const tried = pathNames(call).flatMap((name) => unknown(name).map((value) => ({ name, value })));
    return Promise.all(
      tried.map(async ({ name, value }) =>
        unless(
          await walk.send(call, walk.fill(call, { [name]: value }), { text }),
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
  const wrong = await walk.findWrong(async (call) => {
    if (pathNames(call).length === 0) return [];
    const body = walk.rightBody(call);
    const init = { token: test.foreign.accessToken, text: body && JSON.stringify(body) };
    return [unless(await walk.send(call, walk.fill(call), init), 404, /_not_found$/, 'by a stranger')];
  });
  expect(wrong).toEqual([]);
});

it('refuses at every operation a query that is unknown or cannot be read with 400', async () => {
  const wrong = await walk.findWrong(async (call) => {
    const query = (call.parameters ?? []).filter((parameter) => parameter.in === 'query');
    if (query.length === 0) return [];
    const tried = [
      ...query.flatMap(({ name, schema }) => wrongQueries(name, schema).map((value) => [name, value] as const)),
      ['nonsense', '1'] as const,
    ];
    return Promise.all(
      tried.map(async ([name, value]) =>
        unless(
          await walk.send(call, withQuery(walk.fill(call), name, value)),
          400,
          /^invalid_/,
          `with ${name}=${value.slice(0, 40)}`,
        ),
      ),
    );
  });
  expect(wrong).toEqual([]);
});

function withQuery(path: string, name: string, value: string): string {
  return `${path}${path.includes('?') ? '&' : '?'}${name}=${encodeURIComponent(value)}`;
}

/** A free text may say anything, but not at any length. */
function wrongQueries(name: string, schema: Schema): string[] {
  const { minimum, maximum, maxLength } = walk.resolve(schema);
  return [
    // A parameter that takes any text takes none that cannot be stored.
    maxLength === undefined || name === 'page_token' ? 'no such value\0' : 'x'.repeat(maxLength + 1),
    ...(minimum === undefined ? [] : [String(minimum - 1)]),
    ...(maximum === undefined ? [] : [String(maximum + 1)]),
  ];
}

it('refuses at every operation that takes a body an unknown field with 400, and names it', async () => {
  const wrong = await walk.findWrong(async (call) => {
    if (!call.body) return [];
    return [
      unlessNamed(await sendBody(call, { ...walk.rightBody(call), nonsense: 1 }), 'nonsense', 'with an unknown field'),
    ];
  });
  expect(wrong).toEqual([]);
});

it('refuses at every operation every field of a wrong type, too long or out of range with 400, and names it', async () => {
  const wrong = await walk.findWrong(async (call) => {
    const fields = Object.entries(call.body ? (walk.resolve(call.body).properties ?? {}) : {});
    const tried = fields.flatMap(([name, schema]) => wrongValues(schema).map((value) => ({ name, value })));
    return Promise.all(
      tried.map(async ({ name, value }) =>
        unlessNamed(
          await sendBody(call, { ...walk.rightBody(call), [name]: value }),
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
  const { type, format, enum: allowed, maxLength, maxItems, minimum, maximum, properties } = walk.resolve(schema);
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

function unlessNamed(answer: OperationAnswer, name: string, tried: string): string | false {
  const problem = unless(answer, 400, /^invalid_request$/, tried);
  if (problem !== false) return problem;
  const fields = (answer.body?.error.details?.['fields'] ?? []) as { field: string }[];
  return fields.some(({ field }) => field === name || field.startsWith(`${name}.`))
    ? false
    : `${tried}: does not name it`;
}

it('refuses at every operation that takes a body what is no JSON object with 400, and what is no JSON with 415', async () => {
  const wrong = await walk.findWrong(async (call) => {
    if (!call.body) return [];
    const path = walk.fill(call);
    return [
      unless(await walk.send(call, path, { text: '{"a":' }), 400, /^malformed_json$/, 'with cut JSON'),
      unless(await walk.send(call, path, { text: '[]' }), 400, /^invalid_request$/, 'with a list'),
      unless(await walk.send(call, path, { text: '"x"' }), 400, /^invalid_request$/, 'with a text'),
      unless(
        await walk.send(call, path, { text: 'a=b', type: 'text/plain' }),
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
  const wrong = await walk.findWrong(async (call) => {
    const taken = walk.calls.filter(({ path }) => path === call.path).map(({ method }) => method);
    const method = methods.find((name) => !taken.includes(name)) ?? '';
    const answer = await walk.send({ ...call, method }, walk.fill(call));
    const isRead = /\}:\w+$|^\/events\/paginated$/.test(call.path) && answer.status === 404;
    return [
      isRead
        ? unless(answer, 404, /_not_found$/, `by ${method}`)
        : unless(answer, 405, /^method_not_allowed$/, `by ${method}`),
    ];
  });
  expect(wrong).toEqual([]);
});
