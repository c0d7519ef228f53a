import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrateDatabase } from '@rollcall/database';
import { buildDirectory } from '@rollcall/test-builders';
import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { backUp } from './back-up';

let database: TestDatabase;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-backup-'));
  database = await createTestDatabase({ migrate: migrateDatabase });
  await buildDirectory(database.ownerUrl);
});

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await database.drop();
});

async function backUpInto(target: string, say: (text: string) => void = () => undefined): Promise<void> {
  const config = { databaseUrl: database.appUrl, secretKey: undefined, dataDir: folder };
  await backUp({ config, ownerUrl: database.ownerUrl, target, json: false, say });
}

describe('npm run rollcall -- backup', () => {
  it('leaves the file of another backup that came to the same name meanwhile, and nothing of its own', async () => {
    const file = join(folder, 'same.backup');
    const another = () => writeFileSync(file, 'of another');
    await expect(backUpInto(file, another)).rejects.toThrow(`${file} was made meanwhile`);
    expect(readFileSync(file, 'utf8')).toBe('of another');
    expect(readdirSync(folder)).toEqual(['same.backup']);
  });

  it('leaves what another process of the same number is writing', async () => {
    const file = join(folder, 'shared.backup');
    const partial = `${file}.${process.pid}.partial`;
    writeFileSync(partial, 'half of another');
    await expect(backUpInto(file)).rejects.toThrow(`${partial} is there already`);
    expect(readFileSync(partial, 'utf8')).toBe('half of another');
    rmSync(partial);
    await backUpInto(file);
    expect(readdirSync(folder)).toContain('shared.backup');
    expect(readdirSync(folder)).not.toContain(`shared.backup.${process.pid}.partial`);
  });
});
