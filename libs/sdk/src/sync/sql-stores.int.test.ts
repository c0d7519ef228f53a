import { drizzle } from 'drizzle-orm/node-postgres';
import { sql } from 'drizzle-orm';
import { Database } from 'node-sqlite3-wasm';
import { Pool } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { createDrizzleStore } from '../drizzle';
import { createPgStore } from '../pg';
import { createPrismaStore } from '../prisma';
import type { PrismaTransaction } from '../prisma';
import { createSqliteStore } from '../sqlite';
import type { SqliteDatabase } from '../sqlite';
import { applyEvent } from './apply-event';
import { publishedBy, startDirectoryServer } from './directory-server.test-support';
import { EventLog } from './event-log.test-support';
import type { Step } from './event-log.test-support';
import { connectPrisma } from './prisma-client.test-support';
import type { ObjectChanges, SqlStore } from './sql-store';
import { syncDirectory } from './sync-directory';

/** A store of each kind on a real database, with a table of the application's own beside it. */
interface Subject {
  store: SqlStore;
  /** Rows of the application's own table, which `onChange` writes. */
  own(): Promise<{ id: string; title: string | null }[]>;
  /** What the store has of a type, deleted objects left out. */
  stored(type: string): Promise<unknown[]>;
  close(): Promise<void>;
}

let database: TestDatabase;
let pool: Pool;
/** Makes the application's own write fail, after it was sent. */
let failOwn = false;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = new Pool({ connectionString: database.ownerUrl, max: 4 });
});

afterAll(async () => {
  await pool.end();
  await database.drop();
});

const OWN = 'CREATE TABLE IF NOT EXISTS own_users (id text PRIMARY KEY, title text)';

type Run = (text: string, values: (string | null)[]) => Promise<unknown> | void;

/** What an application does in its own table. */
async function writeOwn({ objects }: ObjectChanges, run: Run): Promise<void> {
  for (const object of objects.filter(({ type }) => type === 'user')) {
    await run('DELETE FROM own_users WHERE id = $1', [object.id]);
    const title = object.type === 'user' ? object.data?.title : undefined;
    if (object.data) await run('INSERT INTO own_users (id, title) VALUES ($1, $2)', [object.id, title ?? null]);
  }
  if (failOwn) throw new Error('own write failed');
}

async function openPostgres(make: () => SqlStore): Promise<Subject> {
  await pool.query('DROP TABLE IF EXISTS rollcall_positions, rollcall_objects, rollcall_checkpoints, own_users');
  await pool.query(OWN);
  const rows = async <Row>(text: string, values: string[] = []) => (await pool.query(text, values)).rows as Row[];
  return {
    store: make(),
    own: () => rows('SELECT id, title FROM own_users ORDER BY id'),
    stored: async (type) =>
      (
        await rows<{ data: unknown }>(
          'SELECT data FROM rollcall_objects WHERE type = $1 AND data IS NOT NULL ORDER BY id',
          [type],
        )
      ).map(({ data }) => data),
    close: async () => undefined,
  };
}

async function openSqlite(connection: SqliteDatabase, close: () => void): Promise<Subject> {
  connection.exec(OWN);
  const run: Run = (text, values) => void connection.prepare(text.replaceAll(/\$\d/g, '?')).run(...values);
  return {
    store: createSqliteStore(connection, { onChange: (changes) => writeOwn(changes, run) }),
    own: async () => connection.prepare('SELECT id, title FROM own_users ORDER BY id').all() as never,
    stored: async (type) =>
      connection
        .prepare('SELECT data FROM rollcall_objects WHERE type = ? AND data IS NOT NULL ORDER BY id')
        .all(type)
        .map((row) => JSON.parse((row as { data: string }).data) as unknown),
    close: async () => close(),
  };
}

/** SQLite compiled to WebAssembly takes its values as a list. */
function connectWasm() {
  const connection = new Database();
  const prepare = (text: string) => ({
    run: (...values: (string | number | null)[]) => connection.run(text, values),
    all: (...values: (string | number | null)[]) => connection.all(text, values),
  });
  return { exec: (text: string) => connection.exec(text), prepare, close: () => connection.close() };
}

function openWasm(): Promise<Subject> {
  const connection = connectWasm();
  return openSqlite(connection, () => connection.close());
}

const SUBJECTS: Record<string, () => Promise<Subject>> = {
  pg: () =>
    openPostgres(() =>
      createPgStore(pool, {
        onChange: (changes, client) => writeOwn(changes, (text, values) => client.query(text, values)),
      }),
    ),
  drizzle: () =>
    openPostgres(() =>
      createDrizzleStore(drizzle(pool), sql, {
        onChange: (changes, transaction) =>
          writeOwn(changes, async (text, values) => {
            const parts = text.split(/\$\d/);
            const chunks = parts.flatMap((part, index) => [sql.raw(part), sql`${values[index] ?? null}`]);
            await transaction.execute(sql.join(chunks.slice(0, -1)));
          }),
      }),
    ),
  prisma: async () => {
    const prisma = connectPrisma(database.ownerUrl);
    const onChange = (changes: ObjectChanges, transaction: PrismaTransaction) =>
      writeOwn(changes, async (text, values) => transaction.$executeRawUnsafe(text, ...values));
    const subject = await openPostgres(() => createPrismaStore(prisma, { onChange }));
    return { ...subject, close: () => prisma.$disconnect() };
  },
  sqlite: openWasm,
};

// node:sqlite is in newer versions of Node.js than the oldest that is served.
const builtin = process.getBuiltinModule?.('node:sqlite') as
  | { DatabaseSync: new (path: string) => SqliteDatabase & { close(): void } }
  | undefined;
if (builtin) {
  SUBJECTS['node:sqlite'] = () => {
    const connection = new builtin.DatabaseSync(':memory:');
    return openSqlite(connection, () => connection.close());
  };
}

const HIRES: Step[] = [
  { does: 'write_group', group: 1, name: 'Engineering' },
  { does: 'write_user', user: 1, title: 'Engineer', active: true },
  { does: 'write_user', user: 2, title: 'Analyst', active: true },
  { does: 'add_member', user: 1, group: 1 },
];
const CHANGES: Step[] = [
  { does: 'write_user', user: 1, title: 'CTO', active: true },
  { does: 'delete_user', user: 2 },
  { does: 'write_user', user: 3, title: 'Designer', active: false },
];

describe.each(Object.entries(SUBJECTS))('the store of %s', (_name, open) => {
  let subject: Subject;
  let log: EventLog;
  let server: Awaited<ReturnType<typeof startDirectoryServer>>;

  beforeEach(async () => {
    failOwn = false;
    subject = await open();
    await subject.store.createTables();
    log = new EventLog();
    server = await startDirectoryServer(log);
  });

  afterEach(async () => {
    await server.stop();
    await subject.close();
  });

  const sync = () =>
    syncDirectory({ client: server.client, organizationId: 'org_1', directoryId: 'dir_1', store: subject.store });

  /** The store, and the application's own table, have what the log has published. */
  async function expectSame(): Promise<void> {
    const { users, groups } = publishedBy(log.events) as { users: { id: string; title: string }[]; groups: unknown[] };
    const sorted = users.toSorted((one, other) => (one.id < other.id ? -1 : 1));
    expect(await subject.stored('user')).toEqual(sorted);
    expect(await subject.stored('group')).toEqual(groups);
    expect(await subject.own()).toEqual(sorted.map(({ id, title }) => ({ id, title })));
    expect(await subject.store.readPosition('dir_1')).toEqual({ epoch: log.epoch, sequence: log.events.length });
  }

  const take = (steps: readonly Step[]) => steps.forEach((step) => log.take(step));

  it('follows a directory by snapshot and events, and the application’s own rows with it', async () => {
    expect(await subject.store.readPosition('dir_1')).toBe(null);
    take(HIRES);
    expect(await sync()).toMatchObject({ snapshots: 1 });
    await expectSame();
    take(CHANGES);
    expect(await sync()).toMatchObject({ snapshots: 0, events: 3 });
    await expectSame();
    server.state.oldest = log.events.length + 2;
    take([{ does: 'delete_user', user: 1 }, ...HIRES]);
    expect(await sync()).toMatchObject({ snapshots: 1 });
    await expectSame();
    expect(await subject.store.listDirectories?.()).toEqual(['dir_1']);
    await subject.store.createTables();
    await expectSame();
  });

  it('moves neither position nor rows when the application’s own write fails', async () => {
    take(HIRES);
    failOwn = true;
    await expect(sync()).rejects.toThrow('own write failed');
    expect([await subject.store.readPosition('dir_1'), await subject.stored('user'), await subject.own()]).toEqual([
      null,
      [],
      [],
    ]);
    failOwn = false;
    await sync();
    const before = [await subject.store.readPosition('dir_1'), await subject.stored('user'), await subject.own()];
    take(CHANGES);
    failOwn = true;
    await expect(sync()).rejects.toThrow('own write failed');
    expect([await subject.store.readPosition('dir_1'), await subject.stored('user'), await subject.own()]).toEqual(
      before,
    );
    failOwn = false;
    await sync();
    await expectSame();
  });

  it('keeps what it had when a snapshot breaks off', async () => {
    take(HIRES);
    await sync();
    const before = [await subject.store.readPosition('dir_1'), await subject.stored('user'), await subject.own()];
    take(CHANGES);
    server.state.oldest = log.events.length + 1;
    server.faults.cutSnapshots = ['end', 'connection', 'end'];
    await expect(sync()).rejects.toMatchObject({ code: 'snapshot_incomplete' });
    expect([await subject.store.readPosition('dir_1'), await subject.stored('user'), await subject.own()]).toEqual(
      before,
    );
  });

  it('ends right whatever order webhooks come in, and several at a time', async () => {
    await sync();
    take([...HIRES, ...CHANGES, { does: 'remove_member', user: 1, group: 1 }]);
    const shuffled = [...log.events.toReversed(), ...log.events];
    await Promise.all(shuffled.map((event) => applyEvent({ event, store: subject.store })));
    await sync();
    await expectSame();
  });

  it('is emptied when the directory is deleted, and when the server was restored follows it', async () => {
    take(HIRES);
    await sync();
    log.restore(2);
    take([{ does: 'write_user', user: 3, title: 'New', active: true }]);
    await sync();
    await expectSame();
    take([{ does: 'delete_directory' }]);
    await sync();
    await expectSame();
    expect(await subject.own()).toEqual([]);
    expect(await subject.store.listDirectories?.()).toEqual([]);
  });

  it('keeps how far each consumer has come', async () => {
    const [one, other] = [subject.store.checkpoints('one'), subject.store.checkpoints('other')];
    expect(await one.load()).toBe(null);
    for (const position of ['p1', 'p2']) await one.save(position);
    expect([await one.load(), await other.load()]).toEqual(['p2', null]);
  });
});

describe('the store of SQLite', () => {
  it('tells the error after which SQLite rolled back by itself, and works on', async () => {
    const connection = connectWasm();
    connection.exec('CREATE TABLE own_ids (id integer PRIMARY KEY); INSERT INTO own_ids VALUES (1)');
    let isFailing = true;
    const store = createSqliteStore(connection, {
      onChange() {
        if (isFailing) connection.exec('INSERT OR ROLLBACK INTO own_ids VALUES (1)');
      },
    });
    await store.createTables();
    const log = new EventLog();
    log.take(HIRES[0]!);
    const server = await startDirectoryServer(log);
    const sync = () => syncDirectory({ client: server.client, organizationId: 'org_1', directoryId: 'dir_1', store });
    await expect(sync()).rejects.toThrow(/UNIQUE/);
    expect(await store.readPosition('dir_1')).toBe(null);
    isFailing = false;
    expect(await sync()).toMatchObject({ snapshots: 1 });
    await server.stop();
    connection.close();
  });
});
