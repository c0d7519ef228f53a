import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, hasPgBouncer, startRollcall, waitUntil } from '@rollcall/testing';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { accessToken } from './support/access-token';
import { expectAllDelivered } from './support/expect-all-delivered';
import { keepAsking } from './support/keep-asking';
import { provisionChanges } from './support/provision-changes';
import { type FaultSystem, startFaultSystem } from './support/start-fault-system';
import { type Round, startRound } from './support/start-round';

/** PgBouncer's own default. */
const POOL_SIZE = 20;

/** Of requests that keepAsking sends. */
const KINDS = 8;

const isThere = hasPgBouncer({ keepsStatements: true });

describe.runIf(isThere)('behind PgBouncer in transaction mode', () => {
  let system: FaultSystem;
  let round: Round;

  beforeAll(async () => {
    system = await startFaultSystem(null, { ingress: 'throughPgBouncer' });
    await Promise.all([system.startWorker({ direct: true }), system.startWorker({ direct: true })]);
    return () => system.stop();
  });

  afterEach(() => round?.stop());

  it('every kind of request is answered, many at a time', async () => {
    round = await startRound(system);
    const asking = keepAsking(system, round.directories[0]!, await accessToken(system));
    const { answers } = asking;
    const succeeded = () =>
      new Set(answers.filter(({ status }) => status < 300 && status > 0).map(({ request }) => request));
    await waitUntil(() => succeeded().size === KINDS && answers.length > 10 * KINDS, {
      what: 'every kind of request being answered well',
      saw: () => [...succeeded()],
    });
    await asking.end();
    // What a machine has no time for is for another attempt; anything else is a session that is not what it was.
    expect(answers.filter(({ status }) => ![200, 201, 429, 503].includes(status))).toEqual([]);
  });

  it('every change becomes its event and is delivered, once and in order', async () => {
    round = await startRound(system);
    await expectAllDelivered(round, await provisionChanges(round.directories));
  });

  it('sessions share the connections of the pooler, but those of the queue', async () => {
    const { rows } = await system.database.query<{ name: string; count: number }>(
      `SELECT application_name AS name, count(*)::int AS count FROM pg_stat_activity WHERE usename = 'rollcall_app' GROUP BY 1`,
    );
    // The queue's listeners have the names of its jobs.
    const isDirect = ({ name }: { name: string }) => /queue$|^(deliver-endpoint|drain-directory)$/.test(name);
    const pooled = rows.filter((row) => !isDirect(row));
    expect(rows.filter(isDirect)).not.toEqual([]);
    expect(
      pooled.reduce((sum, { count }) => sum + count, 0),
      JSON.stringify(rows),
    ).toBeLessThanOrEqual(POOL_SIZE);
    expect(await (await fetch(`${system.baseUrl}/readyz`)).json()).toEqual({ status: 'ok', degraded: [] });
  });

  it('npm start hands both ways on to its processes', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'rollcall-pooled-'));
    writeFileSync(join(dataDir, 'bootstrap.json'), JSON.stringify(system.bootstrap));
    const env = { ...system.environment, DATA_DIR: dataDir, PORT: String(await freePort()) };
    const server = await startRollcall({ dataDir, env });
    const answer = await fetch(`${server.baseUrl}/api/v1/organizations`, {
      headers: { authorization: `Bearer ${await server.accessToken()}` },
    });
    expect(answer.status).toBe(200);
    expect((await server.processes()).map(({ name }) => name).toSorted()).toEqual(['ingress', 'supervisor', 'worker']);
    expect(await server.stop()).toBe(0);
    rmSync(dataDir, { recursive: true });
  });
});
