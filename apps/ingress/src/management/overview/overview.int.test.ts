import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '@rollcall/testing';
import { createDataSource, migrateDatabase } from '@rollcall/database';
import type { DataSource } from '@rollcall/database';
import { deleteOldTraffic, LATENCY_BOUNDS_MS, latencyPlace, writeTraffic } from '@rollcall/pipeline-store';
import type { TrafficRow } from '@rollcall/pipeline-store';
import { runAsAdmin } from '../../testing/seed-directory';
import { drain } from '../testing/drain.test-support';
import { startApi } from '../testing/start-api';
import type { ErrorBody, TestApi } from '../testing/start-api';
import type { OverviewAnswer } from './overview.dto';

let test: TestApi;
let app: DataSource;
let environmentId: string;

beforeAll(async () => {
  test = await startApi(await createTestDatabase({ migrate: migrateDatabase }), {
    ALLOW_PRIVATE_WEBHOOK_TARGETS: 'true',
  });
  app = await createDataSource({ url: test.database.appUrl }).initialize();
  environmentId = test.ingress.credentials.environment_id.slice(4);
});

afterAll(async () => {
  await app.destroy();
  await test.stop();
});

const sql = <Row>(text: string, ...values: unknown[]) => runAsAdmin<Row>(test.database.adminUrl, [[text, values]]);
const read = async (period = 'hour', of = test.api) =>
  (await of.call<OverviewAnswer>('GET', `/overview?period=${period}`)).body;

function row(startTime: Date, changes: Partial<TrafficRow> = {}): TrafficRow {
  const latencies = Array.from({ length: LATENCY_BOUNDS_MS.length + 1 }, () => 0);
  const nothing = { changes: 0, events: 0, attemptsSucceeded: 0, attemptsFailed: 0, latencies };
  return { environmentId, resolution: 'minute', startTime, ...nothing, ...changes };
}

const minutesAgo = (minutes: number) => new Date(Math.floor(Date.now() / 60_000) * 60_000 - minutes * 60_000);

function latenciesOf(milliseconds: number, count: number): number[] {
  const { latencies } = row(new Date());
  latencies[latencyPlace(milliseconds)] = count;
  return latencies;
}

describe('traffic', () => {
  it('adds up what the workers counted, step by step without a gap, and shows nothing of another environment', async () => {
    const at = minutesAgo(5);
    await writeTraffic(app, [row(at, { changes: 3, events: 2, attemptsSucceeded: 1, latencies: latenciesOf(40, 1) })]);
    await writeTraffic(app, [
      row(at, { changes: 1, attemptsFailed: 2, latencies: latenciesOf(900, 1) }),
      row(minutesAgo(70), { changes: 100 }),
    ]);
    const { traffic } = await read();
    expect(traffic).toMatchObject({ period: 'hour', step_seconds: 60 });
    expect(traffic.steps).toHaveLength(60);
    expect(traffic.steps.find(({ start_time }) => start_time === at.toISOString())).toMatchObject({
      changes: 4,
      events: 2,
      attempts_succeeded: 1,
      attempts_failed: 2,
    });
    expect(traffic.total.changes).toBe(4);
    expect(traffic.total.latency_p95_ms).toBeGreaterThan(800);
    const starts = traffic.steps.map(({ start_time }) => Date.parse(start_time));
    expect(new Set(starts.slice(1).map((start, n) => start - (starts[n] ?? 0)))).toEqual(new Set([60_000]));
    expect((await read('hour', test.foreign)).traffic.total.changes).toBe(0);
  });

  it('of a week is read from the hours', async () => {
    const hour = new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000 - 86_400_000);
    await writeTraffic(app, [row(hour, { resolution: 'hour', events: 7 })]);
    const { traffic } = await read('week');
    expect([traffic.step_seconds, traffic.steps.length, traffic.total.events]).toEqual([10_800, 56, 7]);
    expect((await read('day')).traffic.steps).toHaveLength(96);
  });

  it('of an environment that there is not is written nowhere', async () => {
    await writeTraffic(app, [{ ...row(minutesAgo(1)), environmentId: 'nobody' }]);
    expect(await sql(`SELECT 1 FROM traffic WHERE environment_id = 'nobody'`)).toEqual([]);
  });

  it('is written by no process but through its function, and of no tenant but its own seen', async () => {
    await expect(app.query(`UPDATE traffic SET changes = 9`)).rejects.toThrow('permission denied');
    expect(await app.query('SELECT * FROM traffic')).toEqual([]);
  });

  it('that no overview shows any more is deleted', async () => {
    const old = row(new Date(minutesAgo(0).getTime() - 3 * 86_400_000), { changes: 1 });
    const kept = { ...old, resolution: 'hour' as const };
    await writeTraffic(app, [old, kept, { ...kept, startTime: new Date(Date.now() - 30 * 86_400_000 - 1_000) }]);
    expect(await deleteOldTraffic(app, new Date())).toBe(2);
    expect(await deleteOldTraffic(app, new Date())).toBe(0);
  });
});

describe('what is amiss', () => {
  it('is a directory without a token that works, one whose last token ends soon, and none that was never connected', async () => {
    const [lost, ending, fresh] = [await test.newDirectory(), await test.newDirectory(), await test.newDirectory()];
    for (const directory of [lost, ending]) {
      const scim = await test.newScim(directory);
      expect((await scim.call('GET', '/Users?startIndex=1&count=2')).status).toBe(200);
    }
    const connected = [lost.id.slice(4), ending.id.slice(4)];
    await sql(`UPDATE directories SET first_request_time = now() WHERE id = ANY ($1)`, connected);
    await sql(`UPDATE directory_secrets SET revoked_time = now() WHERE directory_id = $1`, lost.id.slice(4));
    await sql(
      `UPDATE directory_secrets SET create_time = now() - interval '1 year', expire_time = now() + interval '3 days'
       WHERE directory_id = $1`,
      ending.id.slice(4),
    );
    const { directories } = await read();
    const states = new Map(directories.items.map(({ id, trouble }) => [id, trouble]));
    expect([states.get(lost.id), states.get(ending.id), states.get(fresh.id)]).toEqual([
      'no_active_token',
      'token_expiring',
      undefined,
    ]);
    expect(directories.troubled).toBe(states.size);
    expect(directories.items[0]).toMatchObject({ organization_name: 'Acme', reason: expect.stringMatching(/token/i) });
  });

  it('is a directory that holds users back, first', async () => {
    const directory = await test.newDirectory();
    const hold = { id: '1', since: new Date().toISOString() };
    const held = { windowId: '1', hold, counts: { held: 12, deciding: 0, discarded: 0 } };
    await sql('UPDATE directory_counters SET deprovisioning = $2 WHERE directory_id = $1', directory.id.slice(4), held);
    const { directories } = await read();
    expect(directories.items[0]).toMatchObject({ id: directory.id, trouble: 'held', held_users: 12 });
    expect(directories.held_users).toBe(12);
  });

  it('is what the health of a directory says, and not what is being set up or switched off', async () => {
    const [refused, silent, off] = [await test.newDirectory(), await test.newDirectory(), await test.newDirectory()];
    for (const directory of [refused, silent, off]) await test.newScim(directory);
    const bare = ({ id }: { id: string }) => id.slice(4);
    await sql(`UPDATE directories SET refused_since = now() WHERE id = ANY ($1)`, [bare(refused), bare(off)]);
    await sql(`UPDATE directories SET enabled = false WHERE id = $1`, bare(off));
    await sql(`UPDATE directories SET first_request_time = now() - interval '90 days' WHERE id = $1`, bare(silent));
    await sql(
      `UPDATE directory_secrets SET last_used_time = now() - interval '60 days' WHERE directory_id = $1`,
      bare(silent),
    );
    await sql(`UPDATE organizations SET dir_sync_changed_time = now() - interval '90 days'`);
    const { directories } = await read();
    const states = new Map(directories.items.map(({ id, trouble }) => [id, trouble]));
    expect([refused, silent, off].map(({ id }) => states.get(id))).toEqual(['refused', 'stalled', undefined]);
  });

  it('is an endpoint with an open circuit, and no other', async () => {
    const { body } = await test.api.call<{ webhook_endpoint: { id: string } }>('POST', '/webhook_endpoints', {
      url: 'http://127.0.0.1:9/',
    });
    expect((await read()).webhook_endpoints).toMatchObject({ total: 1, disabled: 0, circuit_open: [] });
    await sql(
      `UPDATE webhook_endpoint_health SET cooling_until = now() + interval '1 minute' WHERE endpoint_id = $1`,
      body.webhook_endpoint.id.slice(4),
    );
    expect((await read()).webhook_endpoints.circuit_open).toMatchObject([{ id: body.webhook_endpoint.id }]);
  });

  it('is the oldest change that waits, of this environment alone', async () => {
    const directory = await test.newDirectory();
    const before = (await read()).oldest_pending_change;
    const scim = await test.newScim(directory);
    for (const pending of await sql<{ directory_id: string }>('SELECT DISTINCT directory_id FROM changes'))
      await drain(test.database.appUrl, `dir_${pending.directory_id}`);
    expect(before).not.toBeNull();
    expect((await read()).oldest_pending_change).toBeNull();
    await scim.call('POST', '/Users', { userName: 'ann@acme.test' });
    expect((await read()).oldest_pending_change).toMatchObject({ directory_id: directory.id });
    expect((await read('hour', test.foreign)).oldest_pending_change).toBeNull();
  });
});

it('of a period that there is not is refused', async () => {
  const { status, body } = await test.api.call<ErrorBody>('GET', '/overview?period=year');
  expect([status, body.error.code]).toEqual([400, 'invalid_request']);
});
