import { setTimeout as sleep } from 'node:timers/promises';
import {
  APP_ROLE,
  checkDatabaseVersion,
  checkRestored,
  checkRuntimeLogin,
  checkSecretKey,
  createDataSource,
  describeMove,
  describeStartFailure,
  findFeedHolder,
  inspectDatabase,
  OWN_VERSION,
} from '@rollcall/database';
import type { DatabaseFacts, DataSource } from '@rollcall/database';
import { findOldestChange } from '@rollcall/pipeline-store';
import type { Config } from '@rollcall/platform';
import { findSecretKey } from '../supervise/resolve-secret-key';
import { findingsOf, runCheck } from './finding';
import type { Finding } from './finding';
import {
  judgeChanges,
  judgeClock,
  judgeConnections,
  judgeFeed,
  judgeLogs,
  judgeRights,
  judgeRowSecurity,
  judgeServer,
} from './judge-database';

const STATEMENT_MS = 8_000;
/** Transactions of ours are over by then. */
const HELD_SECONDS = 3;

/** All that is asked of the database, as the application; when it gives no connection, that alone. */
export async function checkDatabase(url: string, config: Config): Promise<Finding[]> {
  const isPooled = config.databaseDirectUrl !== undefined;
  const reached = await runCheck('database', () => reachBoth(url, config));
  if (reached.some(({ state }) => state === 'fail')) return reached;
  const login = await runCheck('login', () => checkLogin(url, isPooled));
  if (login.some(({ state }) => state === 'fail')) return [...reached, ...login];
  const dataSource = createDataSource({
    url,
    isPooled,
    role: APP_ROLE,
    poolSize: 2,
    statementMs: STATEMENT_MS,
    applicationName: 'rollcall-doctor',
  });
  try {
    await dataSource.initialize();
    return [...reached, ...login, ...(await askAsApplication(dataSource, config))];
  } finally {
    await dataSource.destroy();
  }
}

/** What lies behind a pooler is reached past it as well, by those who wait for notifications. */
async function reachBoth(url: string, { databaseDirectUrl }: Config): Promise<Finding[]> {
  if (databaseDirectUrl === undefined) return reach({ url, variable: 'DATABASE_URL' });
  return [
    ...(await reach({ url, variable: 'DATABASE_URL', isPooled: true })),
    ...(await reach({ url: databaseDirectUrl, variable: 'DATABASE_DIRECT_URL' })),
  ];
}

interface Way {
  url: string;
  variable: 'DATABASE_URL' | 'DATABASE_DIRECT_URL';
  isPooled?: boolean;
}

async function reach({ url, variable, isPooled }: Way): Promise<Finding[]> {
  const { ok, fail } = findingsOf('database');
  const dataSource = createDataSource({
    url,
    isPooled,
    poolSize: 1,
    statementMs: STATEMENT_MS,
    applicationName: 'rollcall-doctor',
  });
  try {
    await dataSource.initialize();
    await dataSource.destroy();
    return [ok(variable === 'DATABASE_URL' ? 'It is reached.' : 'It is reached past the pooler too.')];
  } catch (error) {
    return [fail(describeStartFailure(error).replaceAll('DATABASE_URL', variable))];
  }
}

async function checkLogin(url: string, isPooled: boolean): Promise<Finding[]> {
  await checkRuntimeLogin(url, isPooled);
  return [findingsOf('login').ok('The application logs in as nobody whom row-level security does not hold.')];
}

async function askAsApplication(dataSource: DataSource, config: Config): Promise<Finding[]> {
  const schema = await runCheck('schema', () => checkSchema(dataSource));
  const server = await runCheck('server', async () => judgeFacts(await inspectDatabase(dataSource), config));
  if (schema.some(({ state }) => state === 'fail')) return [...schema, ...server];
  return [
    ...schema,
    ...(await runCheck('secret key', () => checkKey(dataSource, config))),
    ...(await runCheck('restore', () => checkRestore(dataSource))),
    ...server,
    ...(await runCheck('changes', async () => judgeChanges(await findOldestChange(dataSource)))),
    ...(await runCheck('feed', () => checkFeed(dataSource))),
  ];
}

async function checkSchema(dataSource: DataSource): Promise<Finding[]> {
  await checkDatabaseVersion(dataSource);
  return [findingsOf('schema').ok(`The database serves this Rollcall, which is of version ${OWN_VERSION.version}.`)];
}

async function checkKey(dataSource: DataSource, config: Config): Promise<Finding[]> {
  const { ok, fail } = findingsOf('secret key');
  const secretKey = config.secretKey ?? (await findSecretKey(config.dataDir));
  if (!secretKey) return [fail(`There is none: put the database's into SECRET_KEY or ${config.dataDir}/secret-key.`)];
  await checkSecretKey(dataSource, { ...config, secretKey });
  const previous = config.previousSecretKeys.length;
  return [
    ok(previous === 0 ? 'It is that of the database.' : `It, or one of ${previous} previous, is that of the database.`),
  ];
}

async function checkRestore(dataSource: DataSource): Promise<Finding[]> {
  const { ok, warn } = findingsOf('restore');
  await checkRestored(dataSource);
  const move = await describeMove(dataSource);
  return [move === null ? ok('The database is not left as a restore brought it.') : warn(move)];
}

function judgeFacts(facts: DatabaseFacts, config: Config): Finding[] {
  const queue = findingsOf('queue');
  return [
    ...judgeServer(facts),
    ...judgeConnections(facts, config),
    ...judgeClock(facts),
    ...judgeRowSecurity(facts),
    ...judgeRights(facts),
    ...judgeLogs(facts),
    ...(config.redisUrl
      ? []
      : [
          facts.queueIsReachable
            ? queue.ok('It is on PostgreSQL.')
            : queue.fail('Its tables are not there, or not for this login: run "npm run rollcall -- migrate".'),
        ]),
  ];
}

async function checkFeed(dataSource: DataSource): Promise<Finding[]> {
  const first = await findFeedHolder(dataSource);
  if (first) await sleep(HELD_SECONDS * 1_000);
  const second = first && (await findFeedHolder(dataSource));
  return judgeFeed(second?.transactionId === first?.transactionId ? second : null, HELD_SECONDS);
}
