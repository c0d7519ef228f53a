import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDataSource } from '@rollcall/database';
import type { DataSource } from '@rollcall/database';
import { newId, publicId } from '@rollcall/platform';
import { createTestDatabase, freePort, newSecretKey } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { buildDirectory } from '@rollcall/test-builders';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runDoctor } from '../doctor/run-doctor';
import type { Finding } from '../doctor/finding';
import { runCommand } from './run-command';

let control: TestDatabase;
let b: TestDatabase;
let env: NodeJS.ProcessEnv;
let folder: string;
const opened: DataSource[] = [];

beforeAll(async () => {
  [control, b] = [await createTestDatabase(), await createTestDatabase()];
  folder = await mkdtemp(join(tmpdir(), 'cells-'));
  env = {
    DATABASE_URL: control.appUrl,
    DATABASE_OWNER_URL: control.ownerUrl,
    CELLS: `b=${b.appUrl}`,
    CELLS_OWNER: `b=${b.ownerUrl}`,
    SECRET_KEY: newSecretKey(),
    DATA_DIR: folder,
    PUBLIC_URL: 'https://rollcall.example',
  };
});

afterAll(async () => {
  await Promise.all(opened.map((dataSource) => dataSource.destroy()));
  await Promise.all([control.drop(), b.drop(), rm(folder, { recursive: true })]);
});

async function run(command: string, changes: NodeJS.ProcessEnv = {}): Promise<string[]> {
  const lines: string[] = [];
  await runCommand(command.split(' '), { ...env, ...changes }, (line) => void lines.push(line));
  return lines;
}

async function asOwner({ ownerUrl }: TestDatabase): Promise<DataSource> {
  const dataSource = await createDataSource({ url: ownerUrl, everyTenant: true, poolSize: 1 }).initialize();
  opened.push(dataSource);
  return dataSource;
}

async function environmentOf(database: TestDatabase): Promise<string> {
  const owner = await asOwner(database);
  const [row] = await owner.query<{ id: string }[]>('SELECT id FROM environments');
  return row?.id ?? '';
}

async function diagnose(changes: NodeJS.ProcessEnv = {}): Promise<string[]> {
  const lines: string[] = [];
  const say = (line: string) => void lines.push(line);
  await runDoctor({ env: { ...env, ...changes }, json: true, say }).catch(() => undefined);
  const { findings } = JSON.parse(lines.join('')) as { findings: Finding[] };
  return findings
    .filter(({ check, text }) => /^(cell |moves)/.test(check) && !/fsync|full_page|synchronous_commit/.test(text))
    .map(({ check, state, text }) => `${state} ${check}: ${text}`);
}

describe('an installation of two cells', () => {
  it('is brought up to date in both by migrate, the one that gives what the other copies before it', async () => {
    const lines = await run('migrate');
    expect(lines[0]).toMatch(/^Applied \d+ migrations\.$/);
    expect(lines[1]).toMatch(/^Cell b: applied \d+ migrations\.$/);
    // There is nothing to copy yet.
    expect(lines).toHaveLength(2);
    expect(await run('migrate')).toEqual(['The database is up to date.', 'Cell b: up to date.']);
  });

  it('is set up in its control cell, and the other has what was set up there', async () => {
    expect((await run('bootstrap')).at(-1)).toBe('Cell b: has the configuration of the control cell.');
    const [here, there] = [await asOwner(control), await asOwner(b)];
    const facts = `SELECT e.id, c.client_id, i.sealed_pepper, i.secret_key_check FROM installation i, environments e JOIN api_clients c ON c.environment_id = e.id`;
    expect(await there.query(facts)).toEqual(await here.query(facts));
    expect(await there.query('SELECT 1 AS noted FROM installation WHERE system_identifier IS NOT NULL')).toHaveLength(
      1,
    );
  });

  it('is bound to a new secret key in both', async () => {
    const SECRET_KEY = newSecretKey();
    const lines = await run('rotate-key --json', { SECRET_KEY, SECRET_KEY_PREVIOUS: env.SECRET_KEY });
    const [ofControl, ofB] = lines.map((line) => JSON.parse(line) as { cell?: string; rebound: boolean });
    expect([ofControl?.cell, ofControl?.rebound, ofB?.cell, ofB?.rebound]).toEqual([undefined, true, 'b', true]);
    env = { ...env, SECRET_KEY };
  });

  it('has commands of one organization or of one database in the cell that they name', async () => {
    const directory = await buildDirectory(b.ownerUrl, { environmentId: await environmentOf(b) });
    const organization = `--organization ${publicId('org', directory.organizationId)}`;
    const output = `--output ${join(folder, 'export')}`;
    await expect(run(`export ${organization} ${output}`)).rejects.toThrow('There is no organization org_');
    await run(`export ${organization} ${output} --cell b`);
    expect(await readdir(join(folder, 'export'))).toContain('manifest.json');
    const [line] = await run(`backup ${join(folder, 'b.backup')} --cell b --json`);
    expect(JSON.parse(line ?? '')).toMatchObject({ file: join(folder, 'b.backup') });
    await expect(run(`export ${organization} ${output} --cell x`)).rejects.toThrow(
      'There is no cell "x": CELLS has control, b.',
    );
    const alone = { CELLS: '', CELLS_OWNER: '' };
    await expect(run('backup x --cell b', alone)).rejects.toThrow('CELLS is not set: leave --cell out.');
  });

  it('is looked at by the doctor cell by cell', async () => {
    await run('migrate');
    expect(await diagnose()).toEqual([
      'ok cell b: It is reached, of this version, and has the configuration of the control cell.',
      'ok moves: No organization is between two cells.',
    ]);
    const dead = new URL(b.appUrl);
    dead.port = String(await freePort());
    const [down] = await diagnose({ CELLS: `b=${dead.href}` });
    expect(down).toMatch(/^fail cell b: database: The database that .* cannot be reached/);
  });

  it('is told of a configuration that is not copied, and of an organization that is left between two cells', async () => {
    const owner = await asOwner(control);
    const organizationId = newId();
    await owner.query(`UPDATE environments SET name = 'Production'`);
    await owner.query(
      `INSERT INTO placements (environment_id, organization_id, cell, state, to_cell) SELECT id, $1, 'control', 'leaving', 'b' FROM environments`,
      [organizationId],
    );
    const [copy, moves] = await diagnose();
    expect(copy).toMatch(/^warn cell b: It has not what was configured last/);
    expect(moves).toMatch(/^warn moves: org_\w+ has been on its way from control to b for 0 minutes/);
    expect(moves).toContain(`move-organization ${publicId('org', organizationId)} --to b`);
  });

  it('names every cell that could not be brought up to date, after it has brought up the others', async () => {
    const dead = new URL(b.ownerUrl);
    dead.port = String(await freePort());
    const failing = run('migrate', {
      CELLS: `b=${b.appUrl},c=postgres://app@127.0.0.1:1/c,d=${dead.href}`,
      CELLS_OWNER: `b=${b.ownerUrl},d=${dead.href}`,
    });
    await expect(failing).rejects.toThrow(
      /^Cell c: name the login of its owner in CELLS_OWNER, as c=postgres:\/\/….\nCell d: The database that DATABASE_OWNER_URL names cannot be reached/,
    );
  });

  it('refuses a database that is an installation of its own', async () => {
    const other = await createTestDatabase();
    const alone = { DATABASE_URL: other.appUrl, DATABASE_OWNER_URL: other.ownerUrl, DATA_DIR: join(folder, 'other') };
    await run('bootstrap', { ...alone, CELLS: '', CELLS_OWNER: '' });
    const joining = run('migrate', { CELLS: `b=${other.appUrl}`, CELLS_OWNER: `b=${other.ownerUrl}` });
    await expect(joining).rejects.toThrow(/^Cell b: The database of this cell was set up by itself/);
    await other.drop();
  });
});
