import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ApiClientSecretAnswer } from '../management/api-clients/api-client.dto';
import type { IssuedSecretAnswer } from '../management/secrets/secret.dto';
import { connectScim, pathOf } from '../management/testing/start-api';
import { isReading, unless, walkOperations } from '../management/testing/walk-operations';
import type { Call, OperationWalk } from '../management/testing/walk-operations';
import { startTestCells } from './start-test-cells.test-support';
import type { TestCells } from './start-test-cells.test-support';

let test: TestCells;
/** Every operation of the API, and objects of an organization that lives beside the control cell. */
let walk: OperationWalk;

beforeAll(async () => {
  test = await startTestCells(() => ({ ALLOW_PRIVATE_WEBHOOK_TARGETS: 'true' }));
  await test.whenJoined();
  const organization = await test.newOrganization('b');
  walk = await walkOperations({
    api: test.api,
    ingress: test,
    database: test.b,
    newDirectory: () => test.newDirectory(organization),
    newScim: async (directory) => {
      const { body } = await test.api.call<IssuedSecretAnswer>('POST', `${pathOf(directory)}/secrets`);
      return connectScim(test.baseUrl, directory, body.plain_secret);
    },
  });
});

afterAll(() => test?.stop());

async function tryWith(call: Call, token?: string | null) {
  const body = walk.rightBody(call);
  return walk.send(call, walk.fill(call), { token, text: body && JSON.stringify(body) });
}

it('every operation that reads is answered, wherever what it names is', async () => {
  const wrong = await walk.findWrong(async (call) => {
    if (!isReading(call)) return [];
    const { status } = await tryWith(call);
    return [status !== 200 && `${status}`];
  });
  expect(wrong).toEqual([]);
});

it('every operation is refused without a credential, and with one that is none', async () => {
  const wrong = await walk.findWrong(async (call) => [
    unless(await tryWith(call, null), 401, /^unauthenticated$/, 'without'),
    unless(await tryWith(call, 'nonsense'), 401, /^invalid_token$/, 'with nonsense'),
  ]);
  expect(wrong).toEqual([]);
});

it('every operation that changes something is refused to a client that may only read', async () => {
  const { body } = await test.api.call<ApiClientSecretAnswer>('POST', '/api_clients', { name: 'R', scopes: ['read'] });
  const wrong = await walk.findWrong(async (call) => {
    if (isReading(call)) return [];
    return [unless(await tryWith(call, body.api_key), 403, /^insufficient_scope$/, 'changing')];
  });
  expect(wrong).toEqual([]);
});

it('every operation with a body refuses one that is not JSON, and a member that it does not know', async () => {
  const wrong = await walk.findWrong(async (call) => {
    if (call.body === undefined) return [];
    const unknown = JSON.stringify({ ...walk.rightBody(call), nonsense: 1 });
    return [
      unless(await walk.send(call, walk.fill(call), { text: '{' }), 400, /^malformed_json$/, 'malformed'),
      unless(await walk.send(call, walk.fill(call), { text: unknown }), 400, /^invalid_request$/, 'unknown member'),
    ];
  });
  expect(wrong).toEqual([]);
});
