import { publicId } from '@rollcall/platform';
import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDataSource, migrateDatabase } from '@rollcall/database';
import type { DataSource } from '@rollcall/database';
import { purgeDirectory } from '@rollcall/pipeline-store';
import { asOperator, deleteOrganization } from '@rollcall/management';
import { buildDirectory, createUser, drainForNobody } from '@rollcall/test-builders';
import type { BuiltDirectory } from '@rollcall/test-builders';
import { eraseByCommand } from './erase-by-command';
import type { ErasureValues } from './erase-by-command';

let database: TestDatabase;
let app: DataSource;
let directory: BuiltDirectory;
let dir: string;

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  app = await createDataSource({ url: database.appUrl, poolSize: 2 }).initialize();
  directory = await buildDirectory(database.ownerUrl);
  dir = publicId('dir', directory.directoryId);
});

afterAll(async () => {
  await app.destroy();
  await database.drop();
});

async function deletedUser(userName: string): Promise<string> {
  const id = await createUser(app, directory, userName);
  await drainForNobody(app, directory);
  await app.query('SELECT * FROM scim_remove_user($1, $2, $3, null, $4, 1)', [...directory.credentials, id]);
  await drainForNobody(app, directory);
  return id;
}

async function run(values: ErasureValues): Promise<string> {
  const lines: string[] = [];
  await eraseByCommand({ ownerUrl: database.ownerUrl, values, say: (line) => void lines.push(line) });
  return lines.join('\n');
}

describe('npm run rollcall -- erase', () => {
  it('erases a deleted user who is named by an e-mail address, and prints the receipt without it', async () => {
    const id = await deletedUser('Ann@acme.test');
    const preview = await run({ directory: dir, user: 'ann@ACME.test', 'dry-run': true, json: true });
    expect(JSON.parse(preview)).toEqual({ counts: { events: 2 } });
    const receipt = await run({ directory: dir, user: 'ann@ACME.test' });
    expect(receipt).toMatch(new RegExp(`^diruser_${id} is erased, receipt era_\\w{26}:\\n {2}events +2$`));
    await expect(run({ directory: dir, user: 'ann@ACME.test' })).rejects.toThrow('Nobody of this directory');
    const again = JSON.parse(await run({ directory: dir, user: `diruser_${id}`, json: true })) as object;
    expect(again).toMatchObject({ erasure: { user_id: `diruser_${id}`, state: 'finished', counts: { events: 2 } } });
  });

  it('asks for an id when several were known by the name, and refuses one who is still there', async () => {
    const ids = [await deletedUser('twin@acme.test'), await deletedUser('twin@acme.test')];
    await expect(run({ directory: dir, user: 'twin@acme.test' })).rejects.toThrow(
      `They are ${ids.map((id) => `diruser_${id}`).join(', ')}.`,
    );
    await createUser(app, directory, 'bob@acme.test');
    await expect(run({ directory: dir, user: 'bob@acme.test' })).rejects.toThrow('still in the directory');
  });

  it.each([
    [{}, 'Say whom'],
    [{ directory: 'dir_1' }, 'Say whom'],
    [{ directory: 'dir_1', user: 'a', organization: 'org_1' }, 'Say whom'],
    [{ directory: 'dir_1', user: 'a' }, 'There is no directory dir_1.'],
    [{ organization: 'org_1' }, 'There is no organization org_1.'],
  ])('refuses %j with one sentence', async (values, message) => {
    await expect(run(values)).rejects.toThrow(message);
  });

  it('erases a deleted organization', async () => {
    const organization = publicId('org', directory.organizationId);
    await expect(run({ organization })).rejects.toThrow('not deleted');
    await deleteOrganization(asOperator(app), directory);
    await drainForNobody(app, directory);
    while (await purgeDirectory(app, directory));
    const receipt = await run({ organization, json: true });
    expect(JSON.parse(receipt)).toMatchObject({
      erasure: { organization_id: organization, state: 'finished', user_id: null },
    });
  });
});
