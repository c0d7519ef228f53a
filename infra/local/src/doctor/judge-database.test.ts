import { readFileSync } from 'node:fs';
import type { DatabaseFacts } from '@rollcall/database';
import { describe, expect, it } from 'vitest';
import {
  CONNECTIONS,
  judgeChanges,
  judgeClock,
  judgeConnections,
  judgeFeed,
  judgeLogs,
  judgeServer,
} from './judge-database';

const DURABLE: DatabaseFacts = {
  version: '18.4',
  versionNumber: 180_004,
  settings: {
    max_connections: '200',
    superuser_reserved_connections: '3',
    reserved_connections: '0',
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    wal_level: 'replica',
    synchronous_standby_names: '',
  },
  connections: 12,
  bytes: 1e9,
  isReadOnly: false,
  clock: { aheadMs: 3, toleranceMs: 1 },
  openTables: [],
  logs: [{ name: 'events', until: new Date('2027-01-04T00:00:00Z') }],
  queueIsReachable: true,
  missingRights: [],
  idleSlots: [],
};
const NOW = new Date('2026-11-30T12:00:00Z');

const statesOf = (findings: { state: string }[]) => findings.map(({ state }) => state);
const withSettings = (settings: Partial<DatabaseFacts['settings']>): DatabaseFacts => ({
  ...DURABLE,
  settings: { ...DURABLE.settings, ...settings },
});

describe('the server', () => {
  it.each<[string, DatabaseFacts, string[]]>([
    ['that keeps what it acknowledges is well', DURABLE, ['ok']],
    ['older than 15 fails', { ...DURABLE, versionNumber: 140_011 }, ['fail']],
    ['without fsync fails', withSettings({ fsync: 'off' }), ['fail']],
    [
      'without full pages and synchronous commits fails twice',
      withSettings({ full_page_writes: 'off', synchronous_commit: 'off' }),
      ['fail', 'fail'],
    ],
    [
      'whose standby is not waited for is warned of',
      withSettings({ synchronous_commit: 'local', synchronous_standby_names: 'b' }),
      ['warn'],
    ],
    ['that keeps what nobody reads is warned of', { ...DURABLE, idleSlots: ['old_standby'] }, ['warn']],
    ['that takes no writes fails', { ...DURABLE, isReadOnly: true }, ['fail']],
  ])('%s', (_, facts, states) => {
    expect(statesOf(judgeServer(facts))).toEqual(states);
  });
});

describe('connections', () => {
  const external = { databaseUrl: 'postgresql://db/rollcall' };

  it.each<[string, string, object, string[]]>([
    ['suffice for two processes of each kind', '200', external, ['ok']],
    ['suffice for one of each alone', '100', external, ['warn']],
    ['suffice for the embedded server, which has one of each', '100', {}, ['ok']],
    ['do not suffice for one of each', '50', {}, ['fail']],
    ['suffice with Redis and smaller pools', '50', { redisUrl: 'redis://r', databasePoolSize: 4 }, ['ok']],
  ])('%s', (_, max, config, states) => {
    expect(statesOf(judgeConnections(withSettings({ max_connections: max }), config))).toEqual(states);
  });

  it('are counted as the README counts them', () => {
    const readme = readFileSync(new URL('../../../../README.md', import.meta.url), 'utf8');
    for (const [process, { pool, scim, queue, probe }] of Object.entries(CONNECTIONS)) {
      const row = readme.split('\n').find((line) => line.startsWith(`| ${process} | ${pool} |`));
      expect(row?.split('|').at(-2)?.trim()).toBe(String(pool + scim + queue + probe));
    }
  });
});

describe('the clock', () => {
  it.each([
    [500, 1, 'ok'],
    [-3_000, 1, 'warn'],
    [3_000, 2_500, 'ok'],
    [600_000, 1, 'fail'],
    [-600_000, 1, 'fail'],
  ])('that is %i ms ahead, give or take %i, is %s', (aheadMs, toleranceMs, state) => {
    expect(statesOf(judgeClock({ ...DURABLE, clock: { aheadMs, toleranceMs } }))).toEqual([state]);
  });
});

describe('partitions', () => {
  it.each([
    ['2027-01-04', 'ok'],
    ['2026-12-07', 'warn'],
    ['2026-12-01', 'fail'],
    ['2026-11-01', 'fail'],
  ])('until %s are %s', (until, state) => {
    const logs = [...DURABLE.logs, { name: 'deliveries', until: new Date(until) }];
    const [finding] = judgeLogs({ ...DURABLE, logs }, NOW);
    expect(finding?.state).toBe(state);
    if (state !== 'ok') expect(finding?.text).toContain('deliveries');
  });

  it('that are not there at all fail', () => {
    expect(statesOf(judgeLogs({ ...DURABLE, logs: [{ name: 'events', until: null }] }, NOW))).toEqual(['fail']);
    expect(statesOf(judgeLogs({ ...DURABLE, logs: [] }, NOW))).toEqual(['fail']);
  });
});

it('says that changes are late from a minute on, and that nobody publishes them from ten on', () => {
  expect([0, 59, 61, 601].map((seconds) => judgeChanges(seconds)[0]?.state)).toEqual(['ok', 'ok', 'warn', 'fail']);
});

it('names who holds back the feed as far as the login may know', () => {
  const held = { transactionId: '812', pid: 4711, login: 'reports', applicationName: 'psql' };
  expect(judgeFeed(held, 3)[0]?.text).toContain('(process 4711 of "reports", psql)');
  expect(judgeFeed({ ...held, pid: null, login: null, applicationName: null }, 3)[0]?.text).toContain(
    '812 has been open',
  );
  expect(statesOf(judgeFeed(null, 3))).toEqual(['ok']);
});
