import { bootstrapDatabase, createDataSource, migrateDatabase } from '@rollcall/database';
import type { DataSource } from '@rollcall/database';
import { publicId } from '@rollcall/platform';
import { buildDirectory, buildEndpoint, createUser } from '@rollcall/test-builders';
import type { BuiltDirectory } from '@rollcall/test-builders';
import { createTestDatabase, newSecretKey } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { moveByCommand } from './move-organization';
import type { MoveValues } from './move-organization';

let control: TestDatabase;
let other: TestDatabase;
let owners: { control: DataSource; other: DataSource };
let directory: BuiltDirectory;
let organization: string;

const connect = (url: string) => createDataSource({ url, poolSize: 1, everyTenant: true }).initialize();

beforeAll(async () => {
  control = await createTestDatabase({ migrate: migrateDatabase });
  other = await createTestDatabase({ migrate: migrateDatabase });
  await bootstrapDatabase({
    ownerUrl: control.ownerUrl,
    keys: { secretKey: Buffer.from(newSecretKey(), 'base64') },
  });
  owners = { control: await connect(control.ownerUrl), other: await connect(other.ownerUrl) };
  directory = await buildDirectory(control.ownerUrl);
  organization = publicId('org', directory.organizationId);
});

afterAll(async () => {
  await Promise.all([owners.control.destroy(), owners.other.destroy()]);
  await Promise.all([control.drop(), other.drop()]);
});

async function run(values: MoveValues): Promise<string[]> {
  const lines: string[] = [];
  const cells = [
    { name: 'control', databaseOwnerUrl: control.ownerUrl },
    { name: 'b', databaseOwnerUrl: other.ownerUrl },
  ];
  await moveByCommand({ cells, values, say: (line) => void lines.push(line), noticeMs: 0 });
  return lines;
}

async function isAlive(owner: DataSource): Promise<boolean> {
  const rows = await owner.query<unknown[]>('SELECT FROM organizations WHERE id = $1 AND deleted_time IS NULL', [
    directory.organizationId,
  ]);
  return rows.length > 0;
}

describe('npm run rollcall -- move-organization', () => {
  it('says what is missing', async () => {
    await expect(
      moveByCommand({ cells: [], values: { argument: organization, to: 'b' }, say: () => {} }),
    ).rejects.toThrow('CELLS is not set');
    await expect(run({ argument: organization })).rejects.toThrow('Say where to with --to');
    await expect(run({ argument: 'acme', to: 'b' })).rejects.toThrow('Name the organization by its id');
    await expect(run({ argument: organization, to: 'c' })).rejects.toThrow('CELLS has control, b.');
    await expect(run({ argument: organization, to: 'control' })).rejects.toThrow('lives in cell control already');
    await expect(run({ argument: organization, abort: true })).rejects.toThrow('is not being moved');
    await expect(run({ argument: publicId('org', directory.directoryId), to: 'b' })).rejects.toThrow('in any cell');
  });

  it('brings the configuration along, and tells each step and for how long requests were refused', async () => {
    const { endpointId } = await buildEndpoint(owners.control, directory);
    await createUser(owners.control, directory, 'ann@acme.test');
    const lines = await run({ argument: organization, to: 'b' });
    expect(lines[0]).toBe(
      'Requests of the organization are refused from here on; waiting until every process has seen it.',
    );
    expect(lines.at(-1)).toMatch(
      /^org_\w{26} lives in cell b, with \d+ rows copied; its requests were refused for \d+\.\d s\.$/,
    );
    expect([await isAlive(owners.control), await isAlive(owners.other)]).toEqual([false, true]);
    const endpoints = await owners.other.query<unknown[]>('SELECT FROM webhook_endpoints WHERE id = $1', [endpointId]);
    expect(endpoints).toHaveLength(1);
    const audit = await owners.control.query<{ changes: object }[]>(
      `SELECT changes FROM audit_log WHERE action = 'organization.moved' AND organization_id = $1`,
      [directory.organizationId],
    );
    expect(audit).toEqual([{ changes: { cell: { from: 'control', to: 'b' } } }]);
  });

  it('moves it back, and says so to a program', async () => {
    const [line = ''] = await run({ argument: organization, to: 'control', json: true });
    expect(JSON.parse(line)).toEqual({
      organization_id: organization,
      cell: 'control',
      rows: expect.any(Number),
      refused_ms: expect.any(Number),
    });
    expect([await isAlive(owners.control), await isAlive(owners.other)]).toEqual([true, false]);
  });

  it('finishes only what was begun, or gives it up', async () => {
    await owners.control.query(`UPDATE placements SET state = 'leaving', to_cell = 'b' WHERE organization_id = $1`, [
      directory.organizationId,
    ]);
    await expect(run({ argument: organization, to: 'control' })).rejects.toThrow(
      'is on its way from cell control to b: finish that with --to b first, or give it up with --abort.',
    );
    const lines = await run({ argument: organization, abort: true });
    expect(lines).toEqual([expect.stringMatching(/^org_\w{26} stays in cell control; its requests were refused for /)]);
    expect(await isAlive(owners.control)).toBe(true);
  });

  it('names the cell that cannot be reached', async () => {
    const cells = [
      { name: 'control', databaseOwnerUrl: control.ownerUrl },
      { name: 'b', databaseOwnerUrl: 'postgres://nobody@127.0.0.1:1/none' },
      { name: 'c' },
    ];
    const say = () => {};
    await expect(moveByCommand({ cells, values: { argument: organization, to: 'b' }, say })).rejects.toThrow(
      'Cell b: ',
    );
    await expect(moveByCommand({ cells, values: { argument: organization, to: 'c' }, say })).rejects.toThrow(
      'CELLS_OWNER',
    );
    expect(await isAlive(owners.control)).toBe(true);
  });

  it('refuses a cell whose tables are of another version', async () => {
    await owners.other.query('UPDATE database_version SET version = version - 1');
    await expect(run({ argument: organization, to: 'b' })).rejects.toThrow('bring every cell to the same one first');
    await owners.other.query('UPDATE database_version SET version = version + 1');
    expect(await isAlive(owners.control)).toBe(true);
  });
});
