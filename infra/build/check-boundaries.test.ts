import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { checkBoundaries } from './check-boundaries.js';

const LAYERS: Record<string, string> = {
  'apps/ingress': 'app',
  'apps/worker': 'app',
  'apps/portal': 'browser',
  'apps/e2e': 'test',
  'libs/scim': 'domain',
  'libs/events': 'domain',
  'libs/directory': 'domain',
  'libs/database': 'database',
  'libs/scim-store': 'store',
  'libs/pipeline-store': 'store',
  'libs/management': 'use-case',
  'libs/queue': 'adapter',
  'libs/egress': 'adapter',
  'libs/embedded-postgres': 'adapter',
  'libs/platform': 'platform',
  'libs/contract': 'contract',
  'libs/sdk': 'sdk',
  'libs/idp-simulator': 'client',
  'libs/testing': 'test',
  'infra/local': 'tool',
  'infra/bench': 'tool',
};

const INDEXES = Object.keys(LAYERS)
  .filter((folder) => folder.startsWith('libs/'))
  .map((folder) => [`${folder}/src/index.ts`, 'export const marker = 1;'] as const);

let root: string | undefined;

afterEach(() => {
  if (root) rmSync(root, { recursive: true });
  root = undefined;
});

/** Writes a small workspace with every project and the given files, and answers `file:line rule` of each violation. */
function check(files: Record<string, string>): string[] {
  root = mkdtempSync(join(tmpdir(), 'boundaries-'));
  const projects = Object.entries(LAYERS).map(([folder, layer]) => [
    `${folder}/project.json`,
    JSON.stringify({ tags: [`layer:${layer}`] }),
  ]);
  for (const [path, text] of [...INDEXES, ...projects, ...Object.entries(files)] as [string, string][]) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return checkBoundaries(root).map(({ file, line, rule }) => `${file}:${line} ${rule}`);
}

describe('layers', () => {
  it('lets every layer import the layers below it', () => {
    const found = check({
      'apps/ingress/src/main.ts':
        "import '@rollcall/management'; import '@rollcall/scim-store'; import '@rollcall/database'; import '@rollcall/platform';",
      'libs/management/src/a.ts':
        "import '@rollcall/pipeline-store'; import '@rollcall/database'; import '@rollcall/directory';",
      'libs/scim-store/src/a.ts': "import '@rollcall/database'; import '@rollcall/scim';",
      'libs/database/src/a.ts': "import '@rollcall/scim'; import '@rollcall/platform';",
      'libs/events/src/a.ts':
        "import '@rollcall/scim'; import { marker } from '@rollcall/platform'; export const x = marker;",
      'apps/portal/src/app/main.tsx': "import '@rollcall/sdk'; import React from 'react';",
      'apps/e2e/src/a.e2e.test.ts': "import '@rollcall/testing'; import '@rollcall/database';",
      'infra/local/src/demo.ts': "import '@rollcall/idp-simulator'; import '@rollcall/database';",
    });
    expect(found).toEqual([]);
  });

  it.each([
    ['an adapter another adapter', 'libs/queue/src/a.ts', '@rollcall/egress'],
    ['an adapter the database', 'libs/queue/src/a.ts', '@rollcall/database'],
    ['a store another store', 'libs/pipeline-store/src/a.ts', '@rollcall/scim-store'],
    ['a store the use cases', 'libs/pipeline-store/src/a.ts', '@rollcall/management'],
    ['the database a store', 'libs/database/src/a.ts', '@rollcall/scim-store'],
    ['the use cases an adapter', 'libs/management/src/a.ts', '@rollcall/queue'],
    ['the domain an adapter', 'libs/events/src/a.ts', '@rollcall/database'],
    ['the platform the domain', 'libs/platform/src/a.ts', '@rollcall/events'],
    ['an application the test harness', 'apps/worker/src/a.ts', '@rollcall/testing'],
    ['the portal anything but the SDK and the contract', 'apps/portal/src/app/a.ts', '@rollcall/events'],
    ['the simulated identity providers anything of the server', 'libs/idp-simulator/src/a.ts', '@rollcall/scim'],
    ['the SDK anything of the server', 'libs/sdk/src/a.ts', '@rollcall/events'],
    ['the shipped tools the test harness', 'infra/local/src/a.ts', '@rollcall/testing'],
  ])('does not let %s import', (_name, path, lib) => {
    expect(check({ [path]: `\nimport { marker } from '${lib}';\nexport const x = marker;` })).toEqual([
      `${path}:2 layer`,
    ]);
  });

  it('lets every project but libs/scim import the contract, and the contract nothing', () => {
    const others = Object.keys(LAYERS).filter((folder) => folder !== 'libs/scim' && folder !== 'libs/contract');
    const text = "import { marker } from '@rollcall/contract';\nexport const x = marker;";
    expect(check(Object.fromEntries(others.map((folder) => [`${folder}/src/a.ts`, text])))).toEqual([]);
    const upwards = ["import '@rollcall/platform';", "import 'pg';", "import 'node:path';", "import './b';"].join('\n');
    expect(new Set(check({ 'libs/contract/src/a.ts': upwards, 'libs/scim/src/a.ts': text }))).toEqual(
      new Set([
        ...['layer', 'alone'].map((rule) => `libs/contract/src/a.ts:1 ${rule}`),
        ...['only-importer', 'alone'].map((rule) => `libs/contract/src/a.ts:2 ${rule}`),
        'libs/contract/src/a.ts:3 alone',
        'libs/scim/src/a.ts:1 alone',
      ]),
    );
  });

  it('sees type imports, re-exports, dynamic imports and import types', () => {
    const found = check({
      'libs/queue/src/a.ts': [
        "import type { A } from '@rollcall/database';",
        "export { marker } from '@rollcall/database';",
        "export const load = () => import('@rollcall/database');",
        "export type B = import('@rollcall/database').B | A;",
      ].join('\n'),
    });
    expect(found).toEqual([1, 2, 3, 4].map((line) => `libs/queue/src/a.ts:${line} layer`));
  });

  it('reads code, not comments or strings', () => {
    const text =
      "// import '@rollcall/database';\nexport const a = \"import '@rollcall/database'\";\n/* require('pg') */";
    expect(check({ 'libs/queue/src/a.ts': text })).toEqual([]);
  });

  it('lets a test file use the harness, which its library may not', () => {
    expect(check({ 'libs/database/src/a.int.test.ts': "import '@rollcall/testing';" })).toEqual([]);
    expect(check({ 'libs/database/src/a.ts': "import '@rollcall/testing';" })).toEqual([
      'libs/database/src/a.ts:1 layer',
    ]);
  });

  it('lets an example import its own library by name, and a framework', () => {
    const text = "import '@rollcall/sdk';\nimport 'fastify';";
    expect(check({ 'libs/sdk/examples/fastify.ts': text })).toEqual([]);
    expect(check({ 'libs/sdk/src/examples/fastify.ts': text })).toEqual([
      'libs/sdk/src/examples/fastify.ts:1 layer',
      'libs/sdk/src/examples/fastify.ts:2 without-packages',
    ]);
  });

  it('refuses a project without a layer', () => {
    const found = check({ 'libs/extra/src/index.ts': '', 'apps/odd/project.json': '{"tags":["layer:misc"]}' });
    expect(found).toEqual(['apps/odd/project.json:1 layer-tag', 'libs/extra/project.json:1 layer-tag']);
  });
});

describe('packages', () => {
  it.each([
    ['typeorm', 'apps/ingress/src/a.ts', 'libs/database/src/a.ts'],
    ['pg', 'libs/queue/src/a.ts', 'libs/database/src/a.ts'],
    ['bullmq', 'apps/worker/src/a.ts', 'libs/queue/src/a.ts'],
    ['ioredis', 'libs/database/src/a.ts', 'libs/queue/src/a.ts'],
    ['undici', 'apps/worker/src/a.ts', 'libs/egress/src/a.ts'],
    ['pg', 'libs/egress/src/a.ts', 'libs/scim-store/src/a.ts'],
  ])('gives %s few importers', (name, elsewhere, home) => {
    const text = `import { thing } from '${name}';\nexport const x = thing;`;
    expect(check({ [elsewhere]: text, [home]: text })).toEqual([`${elsewhere}:1 only-importer`]);
  });

  it('lets only stores and use cases run statements of the database library', () => {
    const text = "import { runStatement } from '@rollcall/database';\nexport const x = runStatement;";
    const found = check({
      'apps/ingress/src/a.ts': text,
      'apps/worker/src/b.ts': "import { createPool } from '@rollcall/database';\nexport const x = createPool;",
      'libs/management/src/a.ts': text,
      'libs/scim-store/src/a.ts': text,
    });
    expect(found).toEqual(['apps/ingress/src/a.ts:1 statements']);
  });

  it('does not let the domain, the SDK and the simulated providers depend on packages', () => {
    const found = check({
      'libs/events/src/a.ts': "import { Injectable } from '@nestjs/common'; export const x = Injectable;",
      'libs/sdk/src/a.ts': "import ky from 'ky'; export const x = ky;",
      'libs/idp-simulator/src/a.ts': "import { request } from 'got'; export const x = request;",
    });
    expect(found.toSorted()).toEqual([
      'libs/events/src/a.ts:1 without-packages',
      'libs/idp-simulator/src/a.ts:1 without-packages',
      'libs/sdk/src/a.ts:1 without-packages',
    ]);
  });

  it('lets libs/scim import nothing at all', () => {
    const found = check({
      'libs/scim/src/a.ts': "import { createHash } from 'node:crypto';\nimport '@rollcall/platform';\nimport './b';",
    });
    expect(found).toEqual(['libs/scim/src/a.ts:1 alone', 'libs/scim/src/a.ts:2 alone']);
  });

  it('keeps the domain pure, also through the platform', () => {
    const found = check({
      'libs/platform/src/index.ts': "export * from './ids';\nexport { createLogger } from './logger';",
      'libs/platform/src/ids.ts':
        "import { randomBytes } from 'node:crypto';\nexport function newId() { return randomBytes(1); }",
      'libs/platform/src/logger.ts':
        "import pino from 'pino';\nexport const createLogger = pino;\nexport interface Logger { a: 1 }",
      'libs/events/src/a.ts': [
        "import { readFileSync } from 'node:fs';",
        "import { createHmac } from 'node:crypto';",
        "import { newId } from '@rollcall/platform';",
        "import { createLogger } from '@rollcall/platform';",
        "import type { Logger } from '@rollcall/platform';",
        'export const x: [Logger?] = [];',
      ].join('\n'),
    });
    expect(found).toEqual(['libs/events/src/a.ts:1 pure-domain', 'libs/events/src/a.ts:4 pure-domain']);
  });

  it('keeps Node.js modules out of the browser, not out of its build configuration', () => {
    const found = check({
      'apps/portal/src/shared/a.ts': "import { readFileSync } from 'node:fs'; export const x = readFileSync;",
      'apps/portal/vite.config.ts': "import { join } from 'node:path'; export default join;",
    });
    expect(found).toEqual(['apps/portal/src/shared/a.ts:1 browser']);
  });
});

describe('paths', () => {
  it('refuses a path past the index of a library', () => {
    expect(check({ 'apps/ingress/src/a.ts': "import '@rollcall/database/src/entities';" })).toEqual([
      'apps/ingress/src/a.ts:1 deep-import',
    ]);
  });

  it('refuses a relative path out of a project, except from tools and the tests of applications to each other', () => {
    const found = check({
      'apps/ingress/src/a.ts': "import '../../worker/src/b';",
      'apps/worker/src/b.ts': "import '../../../libs/scim/src/index';",
      'libs/testing/src/c.ts': "import '../../../infra/local/src/d';",
      'infra/bench/src/f.ts': "import '../../../libs/testing/src/g';",
      'libs/testing/src/g.ts': '',
      'infra/local/src/d.ts': 'export const d = 1;',
      'apps/e2e/src/e.e2e.test.ts': "import '../../ingress/src/a';",
    });
    expect(found.toSorted()).toEqual([
      'apps/e2e/src/e.e2e.test.ts:1 leaves-project',
      'apps/ingress/src/a.ts:1 leaves-project',
      'apps/worker/src/b.ts:1 leaves-project',
      'libs/testing/src/c.ts:1 leaves-project',
    ]);
  });

  it('lets a test build on the test helpers of another project, which code may not', () => {
    const helper = { 'libs/database/src/testing/seed.ts': "import '@rollcall/testing';" };
    const text = "import '../../../libs/database/src/testing/seed';";
    expect(check({ ...helper, 'apps/worker/src/a.int.test.ts': text })).toEqual([]);
    expect(check({ ...helper, 'apps/worker/src/a.ts': text })).toEqual(['apps/worker/src/a.ts:1 leaves-project']);
  });

  it('lets the configuration of a build use what all builds share, which the code of an application may not', () => {
    const files = {
      'infra/build/transform.js': '',
      'apps/portal/vite.config.ts': "import '../../infra/build/transform.js';",
    };
    expect(check(files)).toEqual([]);
    const text = "import '../../../infra/build/transform.js';";
    expect(check({ ...files, 'apps/portal/src/a.ts': text })).toEqual(['apps/portal/src/a.ts:1 leaves-project']);
  });

  it('keeps the portal in order: app, then features, then shared, and features apart', () => {
    const found = check({
      'apps/portal/src/app/main.ts': "import '../features/users/list'; import '../shared/button';",
      'apps/portal/src/features/users/list.ts':
        "import '../../shared/button';\nimport '../groups/list';\nimport './row';",
      'apps/portal/src/features/users/row.ts': "import '../../app/routes';",
      'apps/portal/src/features/groups/list.ts': '',
      'apps/portal/src/app/routes.ts': '',
      'apps/portal/src/shared/button.ts': "import '../features/groups/list';",
    });
    expect(found).toEqual([
      'apps/portal/src/features/users/list.ts:2 portal-features',
      'apps/portal/src/features/users/row.ts:1 portal-features',
      'apps/portal/src/shared/button.ts:1 portal-features',
    ]);
  });

  it('keeps the portal and the dashboard apart, which share features', () => {
    const found = check({
      'apps/portal/src/app/main.ts': "import '../features/users/list'; import '../dashboard/pages';",
      'apps/portal/src/dashboard/main.ts':
        "import '../features/users/list'; import './pages';\nimport '../app/routes';",
      'apps/portal/src/dashboard/pages.ts': '',
      'apps/portal/src/app/routes.ts': '',
      'apps/portal/src/features/users/list.ts': "import '../../dashboard/pages';",
    });
    expect(found).toEqual([
      'apps/portal/src/app/main.ts:1 portal-features',
      'apps/portal/src/dashboard/main.ts:2 portal-features',
      'apps/portal/src/features/users/list.ts:1 portal-features',
    ]);
  });

  it('refuses files that import each other, also through an index', () => {
    const found = check({
      'libs/events/src/index.ts': "export * from './a';",
      'libs/events/src/a.ts': "import { b } from './b';\nexport const a = b;",
      'libs/events/src/b.ts': "\nimport type { C } from './c';\nexport const b: C = 1;",
      'libs/events/src/c.ts': "import './index';\nexport type C = number;",
    });
    expect(found).toEqual(['libs/events/src/a.ts:1 import-cycle']);
  });
});

it('names what is wrong and what to do', () => {
  check({});
  writeFileSync(join(root ?? '', 'libs/queue/src/a.ts'), "import { Client } from 'pg';\nexport const x = Client;");
  expect(checkBoundaries(root ?? '')).toEqual([
    {
      file: 'libs/queue/src/a.ts',
      line: 1,
      rule: 'only-importer',
      message:
        'only libs/database, libs/scim-store, libs/pipeline-store, libs/management may import pg: put the code there and export what this file needs',
    },
  ]);
});

it('finds nothing to refuse in this repository', () => {
  const repository = join(dirname(fileURLToPath(import.meta.url)), '../..');
  expect(checkBoundaries(repository)).toEqual([]);
});
