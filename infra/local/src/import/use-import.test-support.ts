import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { asOwner, bootstrapDatabase, migrateDatabase } from '@rollcall/database';
import { createTestDatabase, newSecretKey, SCALEKIT_CLIENT, startScalekit, startWorkos } from '@rollcall/testing';
import type { TestDatabase, TestScalekit, TestWorkos } from '@rollcall/testing';
import { importEnvironment } from './import-environment';
import type { ImportValues } from './import-environment';

export const SECRET_KEY = newSecretKey();
export const PUBLIC_URL = 'https://rollcall.example.com';

/** What `--json` prints. */
export interface Outcome {
  environment_id: string;
  applied: boolean;
  plan: { action: string; what: string; [detail: string]: unknown }[];
  directories: { source_id: string; directory_id: string | null; to_do: string }[];
  note: string | null;
  people: { source_id: string; users: number; groups: number }[];
  problems: { what: string; message: string }[];
}

/** Environments at both services for the length of a test file, and a database for each test. */
export interface ImportSuite {
  readonly scalekit: TestScalekit;
  readonly workos: TestWorkos;
  readonly database: TestDatabase;
  /** The id of the one environment. */
  readonly environment: string;
  /** The lines that are printed, also of an import that ends with an error; then that is the last. */
  runAs(values: ImportValues, env?: NodeJS.ProcessEnv, note?: (text: string) => void): Promise<string[]>;
  /** The outcome of an import from Scalekit, unless another source is named. */
  run(values?: ImportValues): Promise<Outcome>;
  /** The rows of every tenant. */
  read<Row>(sql: string): Promise<Row[]>;
  /** A file of tokens. */
  writeTokens(lines: readonly string[]): Promise<string>;
}

/** A bearer token of a directory at the source. */
export const tokenOf = (directoryId: string) => `old-bearer-token-of-${directoryId}`;

/** Registers the hooks. The members can be read once the tests run. */
export function useImport(): ImportSuite {
  const keys = { secretKey: Buffer.from(SECRET_KEY, 'base64') };
  let sources: { scalekit: TestScalekit; workos: TestWorkos };
  let folder: string;
  let database: TestDatabase;
  let environment: string;

  beforeAll(async () => {
    sources = { scalekit: await startScalekit(), workos: await startWorkos('sk_live_1') };
    folder = await mkdtemp(join(tmpdir(), 'rollcall-import-'));
  });
  beforeEach(async () => {
    database = await createTestDatabase({ migrate: migrateDatabase });
    const made = await bootstrapDatabase({ ownerUrl: database.ownerUrl, keys });
    environment = made?.credentials.environment_id ?? '';
    return () => database.drop();
  });
  afterAll(async () => {
    await Promise.all([sources.scalekit.stop(), sources.workos.stop()]);
    await rm(folder, { recursive: true, force: true });
  });

  const runAs: ImportSuite['runAs'] = async (
    values,
    env = { ...SCALEKIT_CLIENT, WORKOS_API_KEY: 'sk_live_1' },
    note = () => undefined,
  ) => {
    const lines: string[] = [];
    const { baseUrl } = values.argument === 'workos' ? sources.workos : sources.scalekit;
    await importEnvironment({
      ownerUrl: database.ownerUrl,
      keys,
      publicUrl: PUBLIC_URL,
      env,
      values: { argument: 'scalekit', from: baseUrl, ...values },
      say: (line) => void lines.push(line),
      note,
    }).catch((error: Error) => lines.push(error.message));
    return lines;
  };
  return {
    get scalekit() {
      return sources.scalekit;
    },
    get workos() {
      return sources.workos;
    },
    get database() {
      return database;
    },
    get environment() {
      return environment;
    },
    runAs,
    run: async (values = {}) => JSON.parse((await runAs({ json: true, ...values }))[0] ?? '{}') as Outcome,
    read: (sql) => asOwner(database.ownerUrl, (owner) => owner.query(sql)),
    writeTokens: async (lines) => {
      const path = join(folder, 'tokens.txt');
      await writeFile(path, ['# directory, token', ...lines, ''].join('\n'));
      return path;
    },
  };
}
