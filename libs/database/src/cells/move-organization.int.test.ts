import type { BuiltDirectory } from '@rollcall/test-builders';
import { createUser, drainForNobody } from '@rollcall/test-builders';
import { purgeDirectory } from '@rollcall/pipeline-store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TABLE_CLASSES } from '../table-classes';
import { abortMove, moveOrganization } from './move-organization';
import type { MoveStep } from './move-organization';
import { STAYING } from './moved-tables';
import { setRowsAside } from './set-rows-aside';
import { fillDirectory, move, placementOf, readRows, requestOf, startTwoCells } from './moving.test-support';
import type { TestCell, TwoCells } from './moving.test-support';

let cells: TwoCells;

beforeAll(async () => {
  cells = await startTwoCells();
});

afterAll(async () => {
  await cells?.stop();
});

const STEPS: readonly MoveStep[] = ['refuse', 'hold', 'set_aside', 'copy', 'switch', 'leave', 'release', 'settle'];

/** Ends a move before a step, as a kill does: what was committed stays. */
async function moveUntil(directory: BuiltDirectory, last: MoveStep): Promise<void> {
  const cut = (step: MoveStep) => {
    if (step === last) throw new Error(`killed before ${step}`);
  };
  await expect(move(cells, directory, cut)).rejects.toThrow(`killed before ${last}`);
}

async function readNumbers({ dataSource }: TestCell, { directoryId }: BuiltDirectory): Promise<number[]> {
  const rows = await dataSource.query<{ sequence: string }[]>(
    'SELECT sequence FROM events WHERE directory_id = $1 ORDER BY sequence',
    [directoryId],
  );
  return rows.map(({ sequence }) => Number(sequence));
}

const count = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('a moved organization', () => {
  it('has every row in its new cell, what waits included, and a tombstone alone in the one that it left', async () => {
    const directory = await fillDirectory(cells);
    const before = await readRows(cells.a, directory);
    const { moving_rows: moving, ...whole } = before;
    expect(moving).toEqual([]);
    expect(Object.entries(whole).filter(([, rows]) => rows.length === 0)).toEqual([]);
    const report = await move(cells, directory);
    expect(report.rows).toBeGreaterThan(25);
    expect(await readRows(cells.b, directory)).toEqual(before);
    expect(await placementOf(cells, directory)).toMatchObject({ cell: 'b', state: 'settled', otherCell: null });
    await purgeDirectory(cells.a.app, directory);
    const left = await readRows(cells.a, directory);
    const names = Object.keys(left).filter((name) => left[name]?.length !== 0);
    // Hashes, which lead to nothing without the packs; they go with their week.
    expect(names).toEqual(['organizations', 'directories', 'directory_counters', 'scim_request_keys']);
  });

  it('goes on with the numbers of its events, which the control cell knows where to find', async () => {
    const directory = await fillDirectory(cells);
    await move(cells, directory);
    await createUser(cells.b.app, directory, 'eve@acme.test');
    await drainForNobody(cells.b.app, directory);
    const past = await readNumbers(cells.a, directory);
    const present = await readNumbers(cells.b, directory);
    expect([...past, ...present]).toEqual(count(1, past.length + present.length));
    // Dan's, who had been written before, and Eve's.
    expect(present).toHaveLength(2);
    const segments = await cells.a.dataSource.query('SELECT * FROM find_past_placements($1)', [directory.directoryId]);
    expect(segments).toEqual([{ ordinal: 1, cell: 'a', last_sequence: String(past.length) }]);
  });

  it('has the bytes of what is still to be delivered with it', async () => {
    const directory = await fillDirectory(cells);
    await move(cells, directory);
    const deliveries = await cells.b.dataSource.query<{ body: string; sequence: string }[]>(
      `SELECT body, sequence FROM deliveries WHERE directory_id = $1 ORDER BY sequence`,
      [directory.directoryId],
    );
    expect(deliveries).toHaveLength(8);
    expect(deliveries.map(({ body }) => body)).toEqual(deliveries.map(({ sequence }) => `{"n":${sequence}}`));
  });

  it('is moved back as it was, also while the tombstone that it had left is being purged', async () => {
    const directory = await fillDirectory(cells);
    const before = await readRows(cells.a, directory);
    await move(cells, directory);
    await Promise.all([
      move(cells, directory),
      ...Array.from({ length: 40 }, () => purgeDirectory(cells.a.app, directory)),
    ]);
    await purgeDirectory(cells.a.app, directory);
    expect(await readRows(cells.a, directory)).toEqual(before);
    expect(await placementOf(cells, directory)).toMatchObject({ cell: 'a', state: 'settled' });
    await drainForNobody(cells.a.app, directory);
    const numbers = await readNumbers(cells.a, directory);
    expect(numbers).toEqual(count(1, numbers.length));
    const bodies = await cells.a.dataSource.query<{ body: string | null }[]>(
      'SELECT DISTINCT body FROM deliveries WHERE directory_id = $1',
      [directory.directoryId],
    );
    expect(bodies).toEqual([{ body: null }]);
  });

  it.each(STEPS)('is moved all the same when the move was killed before the step %s and is run again', async (step) => {
    const directory = await fillDirectory(cells);
    const before = await readRows(cells.a, directory);
    await moveUntil(directory, step);
    await move(cells, directory);
    expect(await readRows(cells.b, directory)).toEqual(before);
    expect(await placementOf(cells, directory)).toMatchObject({ cell: 'b', state: 'settled' });
    const [waiting] = await cells.a.dataSource.query<{ changes: number; pending: number }[]>(
      `SELECT (SELECT count(*)::int FROM changes WHERE directory_id = $1) AS changes,
         (SELECT count(*)::int FROM deliveries WHERE directory_id = $1 AND state = 'pending') AS pending`,
      [directory.directoryId],
    );
    expect(waiting).toEqual({ changes: 0, pending: 0 });
    const past = await cells.a.dataSource.query<unknown[]>('SELECT * FROM past_placements WHERE directory_id = $1', [
      directory.directoryId,
    ]);
    expect(past).toHaveLength(1);
  });

  it.each(STEPS.slice(1, 5))(
    'is where it was when the move was killed before the step %s and is given up',
    async (step) => {
      const directory = await fillDirectory(cells);
      const before = await readRows(cells.a, directory);
      await moveUntil(directory, step);
      await abortMove(await requestOf(cells, directory));
      expect(await readRows(cells.a, directory)).toEqual(before);
      expect(await placementOf(cells, directory)).toMatchObject({ cell: 'a', state: 'settled', otherCell: null });
      await purgeDirectory(cells.b.app, directory);
      const there = await readRows(cells.b, directory);
      expect([...(there.changes ?? []), ...(there.pending ?? []), ...(there.moving_rows ?? [])]).toEqual([]);
      expect(there.directory_users).toEqual([]);
      // And it can be moved then.
      await move(cells, directory);
      expect(await readRows(cells.b, directory)).toEqual(before);
    },
  );
});

describe('a move', () => {
  it('is refused when another has gone on since its placement was read, and so is giving it up', async () => {
    const directory = await fillDirectory(cells);
    await moveUntil(directory, 'copy');
    const outdated = await requestOf(cells, directory);
    await move(cells, directory);
    const before = await readRows(cells.b, directory);
    await expect(moveOrganization(outdated)).rejects.toMatchObject({ code: 'move_refused' });
    await expect(abortMove(outdated)).rejects.toMatchObject({ code: 'move_refused' });
    expect(await readRows(cells.b, directory)).toEqual(before);
  });

  it('brings no organization back that was deleted before every ingress knew of the move', async () => {
    const directory = await fillDirectory(cells);
    await moveUntil(directory, 'hold');
    const own = [directory.environmentId, directory.organizationId];
    const where = 'WHERE environment_id = $1 AND id = $2';
    await cells.a.dataSource.query(`UPDATE organizations SET deleted_time = '2026-01-01' ${where}`, own);
    await move(cells, directory);
    const read = `SELECT deleted_time::date::text AS deleted FROM organizations ${where}`;
    expect(await cells.b.dataSource.query(read, own)).toEqual([{ deleted: '2026-01-01' }]);
  });

  it('waits for a transaction that was let through before, and takes with it what that has written', async () => {
    const directory = await fillDirectory(cells);
    const late = cells.a.app.createQueryRunner();
    await late.startTransaction();
    await createUser({ query: late.query.bind(late) } as never, directory, 'late@acme.test');
    let isMoved = false;
    const moving = move(cells, directory).then(() => (isMoved = true));
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(isMoved).toBe(false);
    await late.commitTransaction();
    await late.release();
    await moving;
    const names = (await readRows(cells.b, directory)).changes?.filter((row) => row.includes('late@acme.test'));
    expect(names).toHaveLength(1);
  });

  it('lets nothing be written where the organization was', async () => {
    const directory = await fillDirectory(cells);
    await moveUntil(directory, 'set_aside');
    await expect(createUser(cells.a.app, directory, 'after@acme.test')).rejects.toThrow('was not created');
    expect((await readRows(cells.a, directory)).directory_users).toHaveLength(4);
  });

  it('waits for what is being delivered', async () => {
    const directory = await fillDirectory(cells);
    await cells.a.dataSource.query(
      `UPDATE deliveries SET claimed_until = now() + interval '2 seconds' WHERE directory_id = $1 AND sequence = (
         SELECT min(sequence) FROM deliveries WHERE directory_id = $1)`,
      [directory.directoryId],
    );
    const steps: MoveStep[] = [];
    const moving = move(cells, directory, (step) => void steps.push(step));
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(steps.at(-1)).toBe('set_aside');
    await moving;
    expect((await readRows(cells.b, directory)).pending).toHaveLength(8);
  });

  it('takes the newest first, so that what a worker does meanwhile comes before all that it has taken', async () => {
    const directory = await fillDirectory(cells);
    for (let n = 0; n < 8; n++) await createUser(cells.a.app, directory, `late${n}@acme.test`);
    await setRowsAside(cells.a, directory, [directory.directoryId], 3);
    const taken = async (kind: string, key: string) => {
      const rows = await cells.a.dataSource.query<{ place: string }[]>(
        `SELECT "row" ->> $1 AS place FROM moving_rows WHERE organization_id = $2 AND kind = $3 ORDER BY id`,
        [key, directory.organizationId, kind],
      );
      return rows.map(({ place }) => Number(place));
    };
    for (const places of [await taken('change', 'id'), await taken('delivery', 'sequence')]) {
      expect(places.length).toBeGreaterThan(6);
      for (let slice = 3; slice < places.length; slice += 3) {
        const before = Math.min(...places.slice(slice - 3, slice));
        expect(Math.max(...places.slice(slice, slice + 3))).toBeLessThan(before);
      }
    }
  });

  it('waits until the feed shows what was published, which another transaction keeps it from', async () => {
    const directory = await fillDirectory(cells);
    // A command of the owner's, which is not waited for otherwise.
    const older = cells.a.dataSource.createQueryRunner();
    await older.startTransaction();
    await older.query('SELECT pg_current_xact_id()');
    await createUser(cells.a.app, directory, 'shown@acme.test');
    await drainForNobody(cells.a.app, directory);
    const steps: MoveStep[] = [];
    const moving = move(cells, directory, (step) => void steps.push(step));
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(steps.at(-1)).toBe('set_aside');
    await older.commitTransaction();
    await older.release();
    await moving;
  });

  it('is refused while something of the organization is being erased, and leaves everything as it is', async () => {
    const directory = await fillDirectory(cells);
    await cells.a.dataSource.query(`UPDATE erasures SET state = 'running' WHERE directory_id = $1`, [
      directory.directoryId,
    ]);
    await expect(move(cells, directory)).rejects.toMatchObject({ code: 'move_refused' });
    expect(await placementOf(cells, directory)).toMatchObject({ cell: 'a', state: 'settled' });
  });

  it('is refused of an organization that the cell has not, and of an environment that the other cell does not know', async () => {
    const directory = await fillDirectory(cells);
    const request = await requestOf(cells, directory);
    const unknown = { ...request, placement: { ...request.placement, organizationId: 'x' } };
    await expect(moveOrganization(unknown)).rejects.toMatchObject({ code: 'move_refused' });
    await cells.b.dataSource.query('DELETE FROM environments WHERE id = $1', [directory.environmentId]);
    await expect(moveOrganization(request)).rejects.toMatchObject({ code: 'move_refused' });
    await expect(abortMove(request)).rejects.toMatchObject({ code: 'move_refused' });
  });

  it('moves every table of organizations and directories that is not said to stay', () => {
    const tables: readonly string[] = [...TABLE_CLASSES.directory.tables, ...TABLE_CLASSES.organization.tables];
    expect(Object.keys(STAYING).filter((name) => !tables.includes(name))).toEqual([]);
  });

  it('leaves in the environment what only names an organization, but for its API clients', async () => {
    const rows = await cells.a.dataSource.query<{ name: string }[]>(
      `SELECT DISTINCT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
       WHERE a.attname IN ('organization_id', 'directory_id') AND c.relname = ANY ($1) ORDER BY 1`,
      [TABLE_CLASSES.environment.tables],
    );
    expect(rows.map(({ name }) => name)).toEqual(['api_clients', 'audit_log', 'mails', 'replays']);
  });
});
