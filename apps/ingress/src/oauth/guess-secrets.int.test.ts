import { once } from 'node:events';
import { request } from 'node:http';
import { hash } from '@node-rs/argon2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, waitUntil } from '@rollcall/testing';
import { migrateDatabase } from '@rollcall/database';
import { issueToken, newId } from '@rollcall/platform';
import type { IssuedSecretAnswer } from '../management/secrets/secret.dto';
import { connectScim, pathOf, startApi } from '../management/testing/start-api';
import type { TestApi } from '../management/testing/start-api';
import { openHasher, runAsAdmin } from '../testing/seed-directory';

let test: TestApi;
let chosenHash: string;

beforeAll(async () => {
  test = await startApi(await createTestDatabase({ migrate: migrateDatabase }));
  const hasher = await openHasher(test.database.adminUrl, test.ingress.keys);
  chosenHash = await hasher.hashChosen('chosen/by=a+person');
});

afterAll(() => test.stop());

interface Credentials {
  client_id: string;
  client_secret: string;
}

/** A client whose secret a person chose. */
async function newChosenClient(): Promise<Credentials> {
  const id = newId();
  await insertClient(id, chosenHash);
  return { client_id: `clt_${id}`, client_secret: 'chosen/by=a+person' };
}

const insertClient = (id: string, secretHash: string) =>
  runAsAdmin(test.database.adminUrl, [
    [
      `INSERT INTO api_clients (environment_id, id, client_id)
       SELECT environment_id, $1, 'clt_' || $1 FROM api_clients WHERE client_id = $2`,
      [id, test.ingress.credentials.client_id],
    ],
    [
      `INSERT INTO api_client_secrets (environment_id, id, api_client_id, secret_hash)
       SELECT environment_id, id, id, $2 FROM api_clients WHERE id = $1`,
      [id, secretHash],
    ],
  ]);

interface TokenAnswer {
  status: number;
  retryAfter: string | undefined;
  body: { error?: string };
}

/** Asks for an access token from an address of this machine. */
async function ask(from: string, credentials: Credentials, headers: Record<string, string> = {}): Promise<TokenAnswer> {
  const call = request(`${test.ingress.baseUrl}/oauth/token`, {
    method: 'POST',
    localAddress: from,
    agent: false,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  });
  const secret = headers['authorization'] === undefined && { ...credentials };
  call.end(new URLSearchParams({ grant_type: 'client_credentials', ...secret }).toString());
  const [response] = await once(call, 'response');
  let text = '';
  for await (const chunk of response) text += chunk;
  return {
    status: response.statusCode,
    retryAfter: response.headers['retry-after'],
    body: JSON.parse(text) as { error?: string },
  };
}

const guess = (times: number, from: string, credentials: Credentials) =>
  Promise.all(Array.from({ length: times }, (_, n) => ask(from, { ...credentials, client_secret: `wrong-${n}` })));

const count = (answers: TokenAnswer[], status: number) => answers.filter((answer) => answer.status === status).length;

/** How many argon2id hashes the ingress has computed since this was called. */
async function countHashings(): Promise<(purpose?: 'store' | 'verify') => Promise<number>> {
  const read = async (purpose?: string) => {
    const metric = (await test.ingress.operations.series()).find(({ name }) => name === 'rollcall_argon2_hashes_total');
    const values = metric?.values.filter(({ labels }) => purpose === undefined || labels['purpose'] === purpose) ?? [];
    return values.reduce((sum, { value }) => sum + value, 0);
  };
  const before = { store: await read('store'), verify: await read('verify') };
  return async (purpose) => (await read(purpose)) - (purpose ? before[purpose] : before.store + before.verify);
}

describe('wrong secrets that are sent to the token endpoint on and on', () => {
  it('are refused with 429 before any is hashed, and shut nobody else out', async () => {
    const [client, other] = [await newChosenClient(), await newChosenClient()];
    const hashings = await countHashings();
    const answers = await guess(100, '127.0.0.2', client);
    expect(count(answers, 401)).toBe(await hashings('verify'));
    expect(await hashings()).toBeLessThan(40);
    const refused = answers.filter(({ status }) => status !== 401);
    expect(refused.length).toBeGreaterThan(60);
    for (const { status, retryAfter, body } of refused) {
      expect({ status, body }).toMatchObject({ status: 429, body: { error: 'temporarily_unavailable' } });
      expect(Number(retryAfter)).toBeGreaterThan(0);
    }
    expect(await ask('127.0.0.3', client)).toMatchObject({ status: 200 });
    expect(await ask('127.0.0.3', other)).toMatchObject({ status: 200 });
    // It has been seen to be right.
    expect(await ask('127.0.0.2', client)).toMatchObject({ status: 200 });
  });

  it('cost no hash where the client is unknown or its secret was generated', async () => {
    const hashings = await countHashings();
    const unknown = await guess(40, '127.0.0.4', { client_id: 'clt_nobody', client_secret: '' });
    const generated = await guess(40, '127.0.0.5', test.ingress.credentials);
    for (const answers of [unknown, generated]) {
      expect(count(answers, 401)).toBeGreaterThan(0);
      expect(count(answers, 429)).toBeGreaterThan(0);
      expect(count(answers, 401) + count(answers, 429)).toBe(40);
    }
    expect(await ask('127.0.0.5', test.ingress.credentials)).toMatchObject({ status: 200 });
    expect(await hashings()).toBe(0);
  });

  it('leave the first use of a SCIM token and a new one as they were', async () => {
    const [client, directory] = [await newChosenClient(), await test.newDirectory()];
    const { client_id } = client;
    const hashings = await countHashings();
    const guesses = guess(100, '127.0.0.6', { client_id, client_secret: '' });
    const before = await test.newScim(directory);
    expect((await before.call('GET', '/Users')).status).toBe(200);
    const answers = await guesses;
    expect(await hashings('store')).toBe(0);
    expect(await hashings('verify')).toBe(count(answers, 401));
  });
});

it.each([
  ['as it is once, for there is one reading', (secret: string) => secret, 1],
  ['form-encoded once for each of its readings', (secret: string) => encodeURIComponent(secret), 2],
])('hashes a wrong secret that is sent by HTTP Basic %s, and a right one once', async (_, encode, readings) => {
  const client = await newChosenClient();
  const basic = (secret: string) => ({
    authorization: `Basic ${Buffer.from(`${client.client_id}:${encode(secret)}`).toString('base64')}`,
  });
  const hashings = await countHashings();
  expect((await ask('127.0.0.7', client, basic('wrong/by=a+person'))).status).toBe(401);
  expect((await ask('127.0.0.7', client, basic(client.client_secret))).status).toBe(200);
  expect(await hashings()).toBe(readings + 1);
});

it('takes a chosen secret by HTTP Basic as it is although it reads like an encoded one', async () => {
  const id = newId();
  const hasher = await openHasher(test.database.adminUrl, test.ingress.keys);
  await insertClient(id, await hasher.hashChosen('abc+defg%41hij'));
  const client = { client_id: `clt_${id}`, client_secret: '' };
  const authorization = `Basic ${Buffer.from(`${client.client_id}:abc+defg%41hij`).toString('base64')}`;
  expect((await ask('127.0.0.9', client, { authorization })).status).toBe(200);
});

describe('a generated secret that was stored as argon2id', () => {
  const storedAs = async (table: string, id: string) =>
    (
      await runAsAdmin<{ secret_hash: string }>(test.database.adminUrl, [
        [`SELECT secret_hash FROM ${table} WHERE id = $1`, [id]],
      ])
    )[0]?.secret_hash ?? '';

  it('opens a directory, and is stored anew as HMAC', async () => {
    const directory = await test.newDirectory();
    const { body } = await test.api.call<IssuedSecretAnswer>('POST', `${pathOf(directory)}/secrets`);
    const id = body.secret.id.slice(4);
    await runAsAdmin(test.database.adminUrl, [
      ['UPDATE directory_secrets SET secret_hash = $2 WHERE id = $1', [id, await hash(body.plain_secret)]],
    ]);
    const scim = connectScim(test.ingress.baseUrl, directory, body.plain_secret);
    expect((await scim.call('GET', '/Users')).status).toBe(200);
    const isAnew = async () => (await storedAs('directory_secrets', id)).startsWith('hmac-sha256$');
    await waitUntil(isAnew, { what: 'the token being stored anew' });
    expect((await scim.call('GET', '/Users')).status).toBe(200);
  });

  it('opens the token endpoint, and is stored anew as HMAC; one that was chosen is not', async () => {
    const id = newId();
    const client = { client_id: `clt_${id}`, client_secret: issueToken(id, undefined, 'rcs') };
    await insertClient(id, await hash(client.client_secret));
    expect((await ask('127.0.0.8', client)).status).toBe(200);
    const isAnew = async () => (await storedAs('api_client_secrets', id)).startsWith('hmac-sha256$');
    await waitUntil(isAnew, { what: 'the secret being stored anew' });
    const hashings = await countHashings();
    expect((await ask('127.0.0.8', client)).status).toBe(200);
    expect(await hashings()).toBe(0);
    const chosen = await newChosenClient();
    expect((await ask('127.0.0.8', chosen)).status).toBe(200);
    expect(await storedAs('api_client_secrets', chosen.client_id.slice(4))).toBe(chosenHash);
  });
});
