import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDataSource, migrateDatabase } from '@rollcall/database';
import type { DataSource } from '@rollcall/database';
import { asOperator, deleteDirectory, deleteOrganization } from '@rollcall/management';
import { publicId } from '@rollcall/platform';
import { buildDirectory, createGroup, createUser, drainForNobody } from '@rollcall/test-builders';
import type { BuiltDirectory } from '@rollcall/test-builders';
import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportCustomer } from './export-customer';
import type { ExportValues } from './export-customer';

let database: TestDatabase;
let app: DataSource;
let folder: string;
let directory: BuiltDirectory;
let stranger: BuiltDirectory;
let ann: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-export-'));
  database = await createTestDatabase({ migrate: migrateDatabase });
  app = await createDataSource({ url: database.appUrl, poolSize: 2 }).initialize();
  [directory, stranger] = [await buildDirectory(database.ownerUrl), await buildDirectory(database.ownerUrl)];
  ann = await createUser(app, directory, 'ann@acme.test', { displayName: 'Änn\n"A"' });
  await createGroup(app, directory, 'Staff', [ann]);
  await createUser(app, stranger, 'secret@other.test');
  for (const each of [directory, stranger]) await drainForNobody(app, each);
});

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await app.destroy();
  await database.drop();
});

async function run(values: ExportValues): Promise<string> {
  const lines: string[] = [];
  const say = (line: string) => void lines.push(line);
  await exportCustomer({ ownerUrl: database.ownerUrl, eventRetentionDays: 30, values, say });
  return lines.join('\n');
}

const readLines = (place: string, part: string) =>
  readFileSync(join(place, `${part}.ndjson`), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('npm run rollcall -- export', () => {
  it('writes all of an organization, and nothing of another', async () => {
    const place = join(folder, 'organization');
    const organization = publicId('org', directory.organizationId);
    const told = JSON.parse(await run({ organization, output: place, json: true })) as { counts: object };
    expect(told).toMatchObject({
      organization_id: organization,
      counts: { organization: 1, contacts: 0, directories: 1, users: 1, groups: 1, memberships: 1, events: 4 },
    });
    const userId = publicId('diruser', ann);
    expect(readLines(place, 'users')).toEqual([
      expect.objectContaining({ id: userId, name: 'Änn\n"A"', email: 'ann@acme.test', groups: [expect.anything()] }),
    ]);
    const directoryId = publicId('dir', directory.directoryId);
    expect(readLines(place, 'memberships')).toEqual([
      { directory_id: directoryId, group_id: expect.stringMatching(/^dirgroup_/), user_id: userId },
    ]);
    expect(readLines(place, 'events').map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4]);
    expect(readLines(place, 'audit_log').map(({ action }) => action)).toContain('directory.created');
    const all = readdirSync(place).map((name) => readFileSync(join(place, name), 'utf8'));
    for (const hidden of [directory.token, 'secret@other.test', stranger.organizationId, 'secret_hash'])
      expect(all.join('')).not.toContain(hidden);
  });

  it('writes files that their owner alone can read, and the manifest at the end', () => {
    const place = join(folder, 'organization');
    const files = readdirSync(place);
    expect(files).toHaveLength(9);
    for (const file of files) expect(statSync(join(place, file)).mode & 0o777).toBe(0o600);
    expect(statSync(place).mode & 0o777).toBe(0o700);
    expect(JSON.parse(readFileSync(join(place, 'manifest.json'), 'utf8'))).toMatchObject({ directory_id: null });
  });

  it('writes one directory, without people and with its events when it was deleted', async () => {
    const place = join(folder, 'directory');
    await deleteDirectory(asOperator(app), stranger);
    await drainForNobody(app, stranger);
    const said = await run({ directory: publicId('dir', stranger.directoryId), output: place });
    expect(said).toMatch(/^ {2}organization +0\n {2}contacts +0\n {2}directories +1\n {2}users +0\n/);
    expect(readLines(place, 'events').map(({ type }) => type)).toEqual([
      'organization.directory.user_created',
      'organization.directory_deleted',
    ]);
    const targets = readLines(place, 'audit_log').map(({ target }) => (target as { id: string }).id);
    expect(new Set(targets)).toEqual(new Set([publicId('dir', stranger.directoryId)]));
  });

  it('makes no file of an organization that was deleted', async () => {
    const place = join(folder, 'deleted');
    const gone = await buildDirectory(database.ownerUrl);
    await deleteOrganization(asOperator(app), gone);
    await expect(run({ organization: publicId('org', gone.organizationId), output: place })).rejects.toMatchObject({
      code: 'organization_not_found',
    });
    expect(readdirSync(place)).toEqual([]);
  });

  it.each<[ExportValues, string]>([
    [{ organization: 'org_1' }, 'Say where to'],
    [{ output: 'a' }, 'Say what'],
    [{ output: 'b', organization: 'org_1', directory: 'dir_1' }, 'Say what'],
    [{ output: 'c', organization: 'org_1' }, 'There is no organization org_1.'],
    [{ output: 'full', organization: 'org_1' }, 'is not empty'],
  ])('refuses %j with one sentence', async (values, sentence) => {
    const place = values.output && join(folder, values.output);
    if (place && values.output === 'full') {
      mkdirSync(place);
      writeFileSync(join(place, 'file'), '');
    }
    await expect(run({ ...values, output: place })).rejects.toThrow(sentence);
  });
});
