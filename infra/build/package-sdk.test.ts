import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installPackedSdk, useSdk } from './try-sdk.js';

const NODE_MODULES = fileURLToPath(new URL('../../node_modules', import.meta.url));
const TSC = join(NODE_MODULES, 'typescript-7/bin/tsc');

let folder: string;
/** A project of somebody else with the packed package installed, and nothing of this repository but the types of Node.js. */
let project: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'package-sdk-'));
  project = await installPackedSdk(folder);
  mkdirSync(join(project, 'node_modules/@types'));
  for (const name of ['@types/node', '@types/pg', 'undici-types', 'pg-types', 'pg-protocol']) {
    symlinkSync(join(NODE_MODULES, name), join(project, 'node_modules', name));
  }
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('the published package', () => {
  it('has a module and types for each entry, package.json, README and licence', () => {
    const names = readdirSync(join(project, 'node_modules/@rollcall/sdk'), { recursive: true, encoding: 'utf8' });
    expect(names).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'index.d.ts', 'index.js', 'package.json']));
    const entries = ['drizzle', 'index', 'pg', 'prisma', 'sqlite', 'testing'];
    for (const type of ['.js', '.d.ts']) {
      const atTop = names.filter((name) => name.endsWith(type) && !name.includes('/'));
      expect(atTop.toSorted()).toEqual(expect.arrayContaining(entries.map((name) => name + type)));
    }
    const modules = names.filter((name) => name.endsWith('.js') && !name.startsWith('shared/'));
    expect(modules.toSorted()).toEqual(entries.map((name) => `${name}.js`));
    for (const name of names) {
      const path = join(project, 'node_modules/@rollcall/sdk', name);
      if (/\.(js|d\.ts)$/.test(name)) expect(readFileSync(path, 'utf8'), name).not.toMatch(/@rollcall\/(?!sdk)/);
    }
  });

  it('runs in plain Node.js', () => {
    writeFileSync(
      join(project, 'main.mjs'),
      `import { createMemoryStore, createRollcallClient, EVENT_TYPES, verifyWebhook } from '@rollcall/sdk';
       console.log(EVENT_TYPES[0]);
       createRollcallClient({ baseUrl: 'http://localhost:4000', clientId: 'a', clientSecret: 'b' });
       console.log(await createMemoryStore().readPosition('dir_1'));
       await verifyWebhook({ secret: '', headers: {}, body: '' }).catch(({ code }) => console.log(code));`,
    );
    const { stdout, stderr } = spawnSync(process.execPath, ['main.mjs'], { cwd: project, encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(stdout).toBe('organization.directory_created\nnull\nsecret_invalid\n');
  });

  it('is taken by require as well', () => {
    writeFileSync(
      join(project, 'main.cjs'),
      `const { verifyWebhook } = require('@rollcall/sdk');
       const { createPgStore } = require('@rollcall/sdk/pg');
       const { createTestEvent } = require('@rollcall/sdk/testing');
       console.log(typeof verifyWebhook, typeof createPgStore, createTestEvent('endpoint.disabled').data.reason);`,
    );
    const { stdout } = spawnSync(process.execPath, ['main.cjs'], { cwd: project, encoding: 'utf8' });
    expect(stdout).toBe('function function gone\n');
  });

  // Further ones are tried by try-sdk.js, which installs them.
  it.for([
    { name: 'node', program: process.execPath, args: [] },
    { name: 'bun', program: 'bun', args: ['run'] },
    { name: 'deno', program: 'deno', args: ['run', '--allow-net', '--allow-env', '--allow-read'] },
  ])('does in $name what it does here, with its SQLite if it has one', async ({ name, ...runtime }, context) => {
    const isHere = spawnSync(runtime.program, ['--version']).status === 0;
    if (!isHere) return context.skip(`there is no ${name} on this machine`);
    expect(await useSdk(project, runtime)).toEqual(expect.arrayContaining(['webhooks', 'client', 'stores']));
  });

  it('has types that hold under moduleResolution nodenext', () => {
    writeFileSync(join(project, 'package.json'), '{"type":"module"}');
    writeFileSync(
      join(project, 'main.ts'),
      `import { consume, createRollcallClient, isUserEvent, RateLimitError, reconcile, verifyWebhook } from '@rollcall/sdk';
       import { createPgStore } from '@rollcall/sdk/pg';
       import { createPrismaStore } from '@rollcall/sdk/prisma';
       import { createSqliteStore } from '@rollcall/sdk/sqlite';
       import { createTestEvent } from '@rollcall/sdk/testing';
       import type { Pool } from 'pg';
       /** As \`prisma generate\` writes it, as far as the store asks. */
       interface PrismaClientLike {
         $transaction<P extends Promise<unknown>[]>(calls: [...P]): Promise<unknown[]>;
         $transaction<R>(
           work: (transaction: Omit<PrismaClientLike, '$transaction'>) => Promise<R>,
           options?: { maxWait?: number; timeout?: number; isolationLevel?: string },
         ): Promise<R>;
         $queryRawUnsafe<T = unknown>(query: string, ...values: unknown[]): Promise<T> & { then: Promise<T>['then'] };
         $executeRawUnsafe(query: string, ...values: unknown[]): Promise<number>;
       }
       const client = createRollcallClient({ baseUrl: 'http://localhost', clientId: 'a', clientSecret: 'b' });
       for await (const user of client.directoryUsers.list('org_1', 'dir_1')) {
         const email: string | null = user.email;
         // @ts-expect-error: a user has no such key
         user.mail;
         // @ts-expect-error: nor is this a title
         const title: number = user.title;
         console.log(email);
       }
       await client.organizations.create({ display_name: 'Acme' }, { idempotencyKey: 'acme' }).catch((error) => {
         if (error instanceof RateLimitError) console.log(error.retryAfter?.toFixed(), error.requestId);
       });
       declare const pool: Pool;
       declare const prisma: PrismaClientLike;
       declare const sqlite: { exec(sql: string): void; prepare(sql: string): { run(...v: unknown[]): object; all(...v: unknown[]): unknown[] } };
       const stores = [
         createPgStore(pool, { onChange: async ({ objects }, connection) => void (await connection.query(objects[0]!.id)) }),
         createPrismaStore(prisma),
         createSqliteStore(sqlite),
       ];
       await consume({ client, checkpoints: stores[0]!.checkpoints('a'), handle: ({ id }) => console.log(id) });
       for await (const { result } of reconcile({ client, store: stores[0]! })) console.log(result?.position.toFixed());
       createTestEvent('organization.directory.user_created').data.email?.length;
       // @ts-expect-error: there is no such type
       createTestEvent('organization.directory.user_hired');
       const event = await verifyWebhook({ secret: 'a', headers: new Headers(), body: '' });
       if (isUserEvent(event)) console.log(event.data.department);
       switch (event.type) {
         case 'organization.directory.group_members_changed':
           console.log(event.data.added[0]?.email);
           // @ts-expect-error: only *_updated has them
           event.previous_attributes;
           break;
         case 'endpoint.failing':
           console.log(event.data.disable_time.length);
           // @ts-expect-error: an endpoint has no such key
           event.data.days;
           break;
         case 'organization.directory.user_updated': {
           const before: string | null | undefined = event.previous_attributes.title;
           console.log(before);
         }
       }`,
    );
    const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023', '--types', 'node'];
    const tsc = spawnSync(process.execPath, [TSC, ...options, 'main.ts'], { cwd: project, encoding: 'utf8' });
    expect(tsc.stdout).toBe('');
  });
});
