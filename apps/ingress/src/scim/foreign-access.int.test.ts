import { describe, expect, it } from 'vitest';
import { createDataSource } from '@rollcall/database';
import { asOperator, deleteDirectory, keepAccess } from '@rollcall/management';
import { openHasher } from '../testing/seed-directory';
import type { SeededDirectory } from '../testing/seed-directory';
import { scimClient } from '../testing/scim-client';
import { PUBLIC_URL, useScim } from '../testing/use-scim';

const suite = useScim();

async function withWriter<T>(work: (writer: ReturnType<typeof asOperator>) => Promise<T>): Promise<T> {
  const dataSource = await createDataSource({ url: suite.adminUrl(), poolSize: 1 }).initialize();
  return work(asOperator(dataSource)).finally(() => dataSource.destroy());
}

/** Lets a directory be reached as at another service. */
async function keep(directory: SeededDirectory, alias: string, token: string): Promise<void> {
  const hasher = await openHasher(suite.adminUrl(), suite.ingress.keys);
  await withWriter((writer) => keepAccess(writer, hasher, directory, { alias, token, name: 'Imported' }));
}

const at = (path: string, token: string) => scimClient({ scimUrl: `${suite.ingress.baseUrl}${path}`, token });

const SCALEKIT = { path: '/directory/dir_58329471204/scim/v2', alias: 'scalekit.dir_58329471204' };
const WORKOS = { path: '/scim/v2.0/AbC1dEf2', alias: 'workos.AbC1dEf2' };

describe.each([
  ['Scalekit', SCALEKIT],
  ['WorkOS', WORKOS],
])('a directory that was reached as at %s', (service, { path, alias }) => {
  const key = alias.slice(alias.indexOf('.') + 1);
  const token = `old-token-of-${service}-`.padEnd(40, 'x');

  it('is reached there with the token of before, and is the same directory', async () => {
    const directory = await suite.seed();
    await keep(directory, alias, token);
    await keep(directory, alias, token);
    const old = at(path, token);
    const made = await old('POST', '/Users', { userName: `ada-${service}` });
    expect(made.status, made.text).toBe(201);
    expect(made.json.meta.location).toBe(`${PUBLIC_URL}/scim/${directory.directoryId}/v2/Users/${made.json.id}`);
    expect((await scimClient(directory)('GET', `/Users/${made.json.id}`)).status).toBe(200);
    expect((await old('GET', '/Users?startIndex=1&count=2')).json.totalResults).toBe(1);
    expect((await old('GET', `/Users/${made.json.id}`)).status).toBe(200);
    expect((await old('GET', '/Users/diruser_1')).status).toBe(404);
    expect((await scimClient(directory)('GET', '/Users/diruser_1')).status).toBe(404);
    expect((await old('GET', '/Nothing')).headers.get('content-type')).toContain('application/scim+json');
  });

  it('is not reached there with the token of another directory, or another address with this token', async () => {
    const answers = await Promise.all([
      at(path, suite.directory.token)('GET', '/Users'),
      at(path.replace(key, `${key}9`), token)('GET', '/Users'),
      at(path, token.toUpperCase())('GET', '/Users'),
      at(path, 'short')('GET', '/Users'),
      at(`/scim/${suite.directory.directoryId}/v2`, token)('GET', '/Users'),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401]);
    expect(answers.every(({ headers }) => headers.has('www-authenticate'))).toBe(true);
  });

  it('gives its address to no other directory, until it is deleted', async () => {
    const [first, second] = [await suite.seed(), await suite.seed()];
    await expect(keep(second, alias, token)).rejects.toMatchObject({ code: 'external_id_taken' });
    await keep(first, `${alias}0`, token);
    await withWriter((writer) => deleteDirectory(writer, first));
    expect((await at(path.replace(key, `${key}0`), token)('GET', '/Users')).status).toBe(401);
    await keep(second, `${alias}0`, token);
  });
});

it('ends a token of before when it is revoked', async () => {
  const directory = await suite.seed();
  const token = 'a-token-that-is-revoked-later';
  await keep(directory, 'scalekit.dir_77', token);
  const old = at('/directory/dir_77/scim/v2', token);
  expect((await old('GET', '/Users')).status).toBe(200);
  await suite.admin(`UPDATE directory_secrets SET revoked_time = now() WHERE directory_id = $1 AND name = 'Imported'`, [
    directory.directoryId,
  ]);
  expect((await old('GET', '/Users')).json.detail).toContain('was revoked');
});
