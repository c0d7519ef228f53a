import { readAll } from './read-all';
import type { Checkpoints } from './consume';
import type { DirectoryPosition } from './directory-position';
import type {
  DirectoryStore,
  StoreChanges,
  StoredObject,
  StoredState,
  StoredVersion,
  StoreSnapshot,
} from './directory-store';
import { STATEMENTS } from './sql-statements';
import type { SqlDialect } from './sql-statements';

/** A value in a statement; JSON travels as text. */
export type SqlValue = string | number | null;

/** The connection of one transaction. Parameters are `$1`, `$2` … in the order in which they stand, each once. */
export interface SqlSession {
  query(sql: string, values: readonly SqlValue[]): Promise<Record<string, unknown>[]>;
  /** A statement that answers no rows. */
  run(sql: string, values: readonly SqlValue[]): Promise<void>;
}

/** A database of one of the two kinds whose statements `createSqlStore` knows. */
export interface SqlDatabase<Transaction> {
  dialect: SqlDialect;
  /** Runs the work in one transaction: all of it or nothing. `transaction` is what the caller's own code is given. */
  transact<Result>(work: (session: SqlSession, transaction: Transaction) => Promise<Result>): Promise<Result>;
}

/** What an adapter's store takes besides the database. */
export interface SqlStoreOptions<Transaction> {
  /**
   * Writes what changed to tables of your own, in the transaction that moves the position: neither is there without the other. `data` null =
   * the object is gone. It may be told of an object again as it already is. Called for at most 500 objects at a time.
   */
  onChange?: (changes: ObjectChanges, transaction: Transaction) => Promise<void> | void;
}

export interface ObjectChanges {
  directoryId: string;
  objects: readonly StoredObject[];
}

/** A `DirectoryStore` in a database of your own. */
export interface SqlStore extends DirectoryStore {
  /** Makes its tables, `rollcall_positions`, `rollcall_objects` and `rollcall_checkpoints`, unless they are there. */
  createTables(): Promise<void>;
  /** Where `consume` keeps how far a consumer of this name has come. */
  checkpoints(consumer: string): Checkpoints;
}

/** Objects in one statement. */
const BATCH = 500;

/** A store of two tables; every method is one transaction. */
export function createSqlStore<Transaction>(
  database: SqlDatabase<Transaction>,
  { onChange }: SqlStoreOptions<Transaction> = {},
): SqlStore {
  const sql = STATEMENTS[database.dialect];
  const write = <Result>(directoryId: string, work: (writer: DirectoryWriter) => Promise<Result>) =>
    database.transact(async (session, transaction) => {
      const tell = async (objects: readonly StoredObject[]) => onChange?.({ directoryId, objects }, transaction);
      // One writer of a directory at a time, from here to the transaction's end.
      if (sql.lock !== null) await session.query(sql.lock, [directoryId]);
      return work({ session, sql, directoryId, tell });
    });
  return {
    createTables: () =>
      database.transact(async (session) => {
        for (const statement of sql.create) await session.run(statement, []);
      }),
    checkpoints: (consumer) => ({
      load: () =>
        database.transact(async (session) => {
          const [row] = await session.query(sql.loadCheckpoint, [consumer]);
          return row ? String(row.position) : null;
        }),
      save: (position) => database.transact((session) => session.run(sql.saveCheckpoint, [consumer, position])),
    }),
    readPosition: (directoryId) =>
      database.transact(async (session) => placeOf(await session.query(sql.readPosition, [directoryId]))),
    listDirectories: () =>
      database.transact(async (session) =>
        (await session.query(sql.listDirectories, [])).map((row) => String(row.directory_id)),
      ),
    async replaceAll(directoryId, { position, objects }) {
      // On the one connection of SQLite nothing is open while the network is waited for.
      const snapshot = { position, objects: database.dialect === 'sqlite' ? await readAll(objects) : objects };
      await write(directoryId, (writer) => replaceAll(writer, snapshot));
    },
    update: (directoryId, objectIds, decide) =>
      write(directoryId, async (writer) => {
        const changes = decide(await readState(writer, objectIds));
        if (changes) await applyChanges(writer, changes);
      }),
  };
}

/** The open transaction of whoever writes a directory. */
interface DirectoryWriter {
  session: SqlSession;
  sql: (typeof STATEMENTS)[SqlDialect];
  directoryId: string;
  /** Lets the application write what it keeps of objects. */
  tell: (objects: readonly StoredObject[]) => Promise<void>;
}

type Snapshot = Omit<StoreSnapshot, 'objects'> & { objects: Iterable<StoredObject> | AsyncIterable<StoredObject> };

async function replaceAll(writer: DirectoryWriter, { position, objects }: Snapshot): Promise<void> {
  const { session, sql, directoryId } = writer;
  const place = [directoryId, position.epoch, position.sequence];
  let batch: StoredObject[] = [];
  for await (const object of objects) {
    batch.push(object);
    if (batch.length < BATCH) continue;
    await writeObjects(writer, batch);
    batch = [];
  }
  await writeObjects(writer, batch);
  await tellRemoved(writer, await session.query(sql.takeOthers, place), position);
  await session.run(sql.move, place);
}

async function readState(
  { session, sql, directoryId }: DirectoryWriter,
  objectIds: readonly string[],
): Promise<StoredState> {
  const position = placeOf(await session.query(sql.readPosition, [directoryId]));
  const rows = await session.query(sql.versions, [directoryId, JSON.stringify(objectIds)]);
  return { position, versions: new Map(rows.map((row) => [String(row.id), versionOf(row)])) };
}

async function applyChanges(writer: DirectoryWriter, { removeAll, objects, position }: StoreChanges): Promise<void> {
  const { session, sql, directoryId } = writer;
  const place = [directoryId, position.epoch, position.sequence];
  if (removeAll) await tellRemoved(writer, await session.query(sql.takeAll, [directoryId]), position);
  await writeObjects(writer, objects);
  await session.run(sql.move, place);
  await session.run(sql.forget, place);
}

async function writeObjects(
  { session, sql, directoryId, tell }: DirectoryWriter,
  objects: readonly StoredObject[],
): Promise<void> {
  for (const batch of inBatches(objects)) {
    await session.run(sql.upsert, [directoryId, JSON.stringify(batch)]);
    await tell(batch);
  }
}

/** Tells of rows that were removed, but for those of objects that had been deleted before. */
async function tellRemoved(
  { tell }: DirectoryWriter,
  rows: readonly Record<string, unknown>[],
  position: DirectoryPosition,
): Promise<void> {
  const objects = rows
    .filter((row) => !isTrue(row.deleted))
    .map((row) => ({ id: String(row.id), type: row.type, ...position, data: null }) as StoredObject);
  for (const batch of inBatches(objects)) await tell(batch);
}

function inBatches<Item>(items: readonly Item[]): Item[][] {
  const count = Math.ceil(items.length / BATCH);
  return Array.from({ length: count }, (_, index) => items.slice(index * BATCH, (index + 1) * BATCH));
}

/** Drivers answer large whole numbers as text or bigint. */
function placeOf([row]: readonly Record<string, unknown>[]): DirectoryPosition | null {
  return row ? { epoch: Number(row.epoch), sequence: Number(row.sequence) } : null;
}

const versionOf = ({ epoch, sequence, deleted }: Record<string, unknown>): StoredVersion => ({
  epoch: Number(epoch),
  sequence: Number(sequence),
  deleted: isTrue(deleted),
});

/** SQLite's true is a 1, and a bigint with some drivers. */
const isTrue = (value: unknown): boolean => value === true || Number(value) === 1;
