import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'rolldown';
import { sqlFunctions } from './sql-functions.js';

/** Every Node.js bundle of the workspace: output folder -> entry files. */
const bundles = {
  'apps/ingress': { main: 'apps/ingress/src/main.ts' },
  'apps/worker': { main: 'apps/worker/src/main.ts' },
  'infra/local': {
    start: 'infra/local/src/start.ts',
    demo: 'infra/local/src/demo.ts',
    rollcall: 'infra/local/src/rollcall.ts',
  },
  'infra/bench': {
    bench: 'infra/bench/src/bench.ts',
    limit: 'infra/bench/src/limit/serve-limit.ts',
    'limit-deliverer': 'infra/bench/src/limit/serve-limit-deliverer.ts',
    load: 'infra/bench/src/load/serve-load.ts',
    'fixed-answer': 'infra/bench/src/load/serve-fixed-answer.ts',
  },
};

/**
 * Packages are inlined, for to find and load their thousands of files is most of what a start costs; these are not, nor what
 * they import: they are compiled code, bring files of their own, or are also loaded by name while running (and would be there twice).
 */
const EXTERNAL = [
  '@node-rs/argon2',
  '@fastify/static',
  // Loaded when traces are made, and then with all that they bring.
  '@opentelemetry',
  'pg',
  // Optional, and not installed.
  '@fastify/multipart',
  '@fastify/view',
  '@nestjs/microservices',
  '@nestjs/platform-express',
  '@nestjs/websockets',
];
const isExternal = (id) => EXTERNAL.some((name) => id === name || id.startsWith(`${name}/`));

/**
 * `@nestjs/typeorm` looks, by name while it starts, for two classes that TypeORM 1 has no more: that would load all of TypeORM
 * a second time, from its files.
 */
const typeormOnce = {
  name: 'typeorm-once',
  load: {
    filter: { id: /@nestjs\/typeorm\/dist\/common\/typeorm-compat\.js$/ },
    handler: () => 'export const Connection = undefined;\nexport const AbstractRepository = undefined;\n',
  },
};

/** TypeORM loads its drivers for every kind of database; ours is PostgreSQL, and the rest is a sixth of what a start has to read. */
const postgresAlone = {
  name: 'postgres-alone',
  load: {
    filter: { id: /\/typeorm\/driver\/DriverFactory\.js$/ },
    handler: () => `
      const { PostgresDriver } = require('./postgres/PostgresDriver');
      exports.DriverFactory = class DriverFactory {
        create(dataSource) {
          return new PostgresDriver(dataSource);
        }
      };`,
  },
};

/** What libs/egress takes of undici, whose index also loads a fetch, a WebSocket, caches and mocks: a tenth of what a start has to read. */
const undiciAgents = {
  name: 'undici-agents',
  load: {
    filter: { id: /\/undici\/index\.js$/ },
    handler: () => `
      Object.assign(require('./lib/dispatcher/dispatcher').prototype, require('./lib/api'));
      exports.Agent = require('./lib/dispatcher/agent');
      exports.buildConnector = require('./lib/core/connect');
      exports.errors = require('./lib/core/errors');`,
  },
};

/**
 * The mapped types of `@nestjs/swagger` load class-validator and class-transformer by a `require` that they make: from their hundreds of
 * files, and beside those of the bundle. One that the bundler sees is of the same modules as ours.
 */
const mappedTypesOfOurs = {
  name: 'mapped-types-of-ours',
  transform: {
    filter: { id: /@nestjs\/mapped-types\/dist\/type-helpers\.utils\.js$/ },
    handler: (code) => ({ code: code.replace('const require = createRequire(import.meta.url);', ''), map: null }),
  },
};

/** prom-client loads OpenTelemetry's 44 files for exemplars, which nobody asks it for. */
const withoutExemplars = {
  name: 'without-exemplars',
  transform: {
    filter: { id: /prom-client\/lib\/metrics\/processCpuTotal\.js$/ },
    handler: (code) => ({ code: code.replace("const OtelApi = require('@opentelemetry/api');", ''), map: null }),
  },
};

/**
 * V8 keeps the source of what it runs: a byte per character, or two for all of them when there is one beyond Latin-1; and ASCII alone is
 * read without being decoded. What is beyond it stands in strings, templates and regular expressions, where an escape means the same.
 */
const asciiAlone = {
  name: 'ascii-alone',
  generateBundle: (_options, bundle) => {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type === 'chunk') chunk.code = chunk.code.replace(/[^\0-\x7F]/g, escapeUnit);
    }
  },
};
const escapeUnit = (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

const LOADER = fileURLToPath(new URL('load-program.js', import.meta.url));

/**
 * Programs that are started again and again are bundled as CommonJS, of which compiled code can be kept: `<program>.cjs` exports `run`, and
 * `<program>.js` loads and runs it.
 */
const withCompiledCode = {
  name: 'with-compiled-code',
  generateBundle(_options, bundle) {
    this.emitFile({ type: 'asset', fileName: 'load-program.js', source: readFileSync(LOADER, 'utf8') });
    for (const { isEntry, name } of Object.values(bundle)) {
      if (isEntry) this.emitFile({ type: 'asset', fileName: `${name}.js`, source: startOf(name) });
    }
  },
  writeBundle({ dir }) {
    const loader = JSON.stringify(new URL('load-program.js', import.meta.url).href);
    const code = `import { keepCompiledCode } from ${loader}; keepCompiledCode(process.argv[1]);`;
    execFileSync(process.execPath, ['--input-type=module', '--eval', code, resolve(dir)], { stdio: 'inherit' });
  },
};
const startOf = (name) => `import { fileURLToPath } from 'node:url';
import { loadProgram } from './load-program.js';

await loadProgram(fileURLToPath(new URL('${name}.cjs', import.meta.url))).run();
`;
const AS_COMMONJS = {
  format: 'cjs',
  entryFileNames: '[name].cjs',
  chunkFileNames: '[name]-[hash].cjs',
  // Compiled code that was kept can import nothing.
  dynamicImportInCjs: false,
};

const selected = process.env.BUNDLE ? [process.env.BUNDLE] : Object.keys(bundles);

export default defineConfig(
  selected.map((folder) => ({
    input: bundles[folder],
    platform: 'node',
    tsconfig: 'tsconfig.base.json',
    external: isExternal,
    plugins: [
      sqlFunctions(),
      typeormOnce,
      postgresAlone,
      undiciAgents,
      mappedTypesOfOurs,
      withoutExemplars,
      asciiAlone,
      folder !== 'infra/bench' && withCompiledCode,
    ],
    // keepNames: TypeORM table names, migration names and OpenAPI schema names come from class names.
    // Without white space and comments the programs keep half as much of their own source in memory; names stay, for stack traces.
    output: {
      dir: `dist/${folder}`,
      format: 'esm',
      ...(folder !== 'infra/bench' && AS_COMMONJS),
      sourcemap: true,
      cleanDir: true,
      keepNames: true,
      minify: { compress: false, mangle: false, codegen: { removeWhitespace: true, legalComments: 'none' } },
    },
  })),
);
