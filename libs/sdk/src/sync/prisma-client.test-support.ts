import { createRequire } from 'node:module';
import { PrismaPg } from '@prisma/adapter-pg';
import { getPrismaClient } from '@prisma/client/runtime/client';
import type { GetPrismaClientConfig } from '@prisma/client/runtime/client';
import type { PrismaDatabase, PrismaTransaction } from '../prisma';

type CompilerWasm = NonNullable<GetPrismaClientConfig['compilerWasm']>;

/** Its compiler of queries, for which the package has no types. */
const require = createRequire(import.meta.url);
const COMPILER = '@prisma/client/runtime/query_compiler_small_bg.postgresql';
const { WebAssembly } = globalThis as unknown as { WebAssembly: { Module: new (bytes: Uint8Array) => object } };

/**
 * The class that `prisma generate` writes for a schema of PostgreSQL without models, its types left out: the program that writes it is
 * larger than everything else that is installed for tests.
 */
const PrismaClient = getPrismaClient({
  previewFeatures: [],
  clientVersion: '7.10.0',
  engineVersion: '0edf323efd1d98336f3f0a68684b56f689b900d3',
  activeProvider: 'postgresql',
  inlineSchema: 'datasource db {\n  provider = "postgresql"\n}\n',
  runtimeDataModel: { models: {}, enums: {}, types: {} },
  parameterizationSchema: { strings: [], graph: 'AAAA' },
  compilerWasm: {
    getRuntime: async () => require(`${COMPILER}.js`) as Awaited<ReturnType<CompilerWasm['getRuntime']>>,
    getQueryCompilerWasmModule: async () => {
      const { wasm } = require(`${COMPILER}.wasm-base64.js`) as { wasm: string };
      return new WebAssembly.Module(Buffer.from(wasm, 'base64'));
    },
    importName: './query_compiler_small_bg.js',
  },
});

/** A `PrismaClient` on a database, by its driver adapter for `pg`. */
export interface PrismaConnection extends PrismaDatabase<PrismaTransaction> {
  $disconnect(): Promise<void>;
}

export function connectPrisma(connectionString: string): PrismaConnection {
  return new PrismaClient({ adapter: new PrismaPg({ connectionString }) }) as PrismaConnection;
}
