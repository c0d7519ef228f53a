import { resolve } from 'node:path';
import { ConfigError } from './config-error';
import { readCell, readCells } from './read-cells';
import type { CellConfig } from './read-cells';
import { readDatabaseUrl, readPublicUrl, readRedisUrl, readTrustedProxies } from './read-addresses';
import { readClientId, readClientSecret, readPreviousKeys, readSecretKey } from './read-keys';
import { readLimits } from './read-limits';
import type { LimitDefaults } from './read-limits';
import { readLogLevel } from './read-log-level';
import type { LogLevel } from './read-log-level';
import { readMail } from './read-mail';
import type { MailSettings } from './read-mail';
import { readRetrySchedule } from './read-retry-schedule';
import { readSecretFiles } from './read-secret-files';
import { readTracing } from './read-tracing';
import type { TracingSettings } from './read-tracing';
import { readBoolean, readInteger } from './read-values';
import type { ReadVariable } from './read-values';

/** The process's configuration: read from the environment once, at start. */
export interface Config {
  /** 0 = any free port; see {@link withListeningPort}. */
  port: number;
  host: string;
  /** Base of every URL handed out: absolute, without query, fragment and trailing slash. */
  publicUrl: string;
  /** Absolute path. */
  dataDir: string;
  /** Where the applications log in. Unset = embedded PostgreSQL. */
  databaseUrl?: string;
  /** The same database, past the pooler in transaction mode through which `databaseUrl` leads; unset when it does not. */
  databaseDirectUrl?: string;
  /** Where migrations and the first start log in; ingress and worker never do. */
  databaseOwnerUrl?: string;
  /** The databases over which organizations are spread, the control cell first. Empty where one database has everything. */
  cells: readonly CellConfig[];
  /** The only one of `cells` that a worker works for. */
  cell?: string;
  /** Unset = BullMQ on PostgreSQL. */
  redisUrl?: string;
  /** With what the keys of the queue begin in Redis. */
  queuePrefix: string;
  /** 32 bytes. Unset = generated once into `dataDir`. */
  secretKey?: Buffer;
  /** Older keys: they open and verify until everything is sealed with the newest. */
  previousSecretKeys: Buffer[];
  bootstrapClientId?: string;
  bootstrapClientSecret?: string;
  allowPrivateWebhookTargets: boolean;
  /** Seconds to wait after the first, second, … failed attempt; attempts in all = its length + 1. */
  webhookRetrySchedule: number[];
  logLevel: LogLevel;
  /** Where the process is operated (health, readiness, metrics): 0 = any free port, undefined = the port of its kind. */
  operationsPort?: number;
  operationsHost: string;
  eventRetentionDays: number;
  auditRetentionDays: number;
  responseRetentionDays: number;
  /** Addresses and CIDR ranges whose `X-Forwarded-For` is believed. */
  trustedProxies: string[];
  /** Connections to PostgreSQL of the process at most, beside those of single purposes. Unset = as its role needs. */
  databasePoolSize?: number;
  /** Connections of the queue on PostgreSQL at most. Unset = as the role of the process needs. */
  queuePoolSize?: number;
  limits: LimitDefaults;
  mail: MailSettings;
  /** Null: no traces are made. */
  tracing: TracingSettings | null;
  /** Whether who sends a request says by its `traceparent` in which trace it is and whether that is kept. */
  trustTraceparent: boolean;
}

/**
 * Reads the environment, and the files that it names for secrets. An empty variable counts as unset. Values of secrets never
 * appear in an error.
 * @param options.needsSecretKey false for commands that only migrate: then `DATABASE_URL` may come without `SECRET_KEY`
 * @throws ConfigError
 */
export function readConfig(env: NodeJS.ProcessEnv, options: { needsSecretKey?: boolean } = {}): Config {
  const variables = readSecretFiles(env);
  const read = (name: string) => variables[name]?.trim() || undefined;
  const port = readInteger('PORT', read('PORT'), { fallback: 4000, min: 0, max: 65_535 });
  const { cells, ...databaseUrls } = readDatabaseUrls(read);
  const secretKey = readSecretKey(read('SECRET_KEY'));
  if (databaseUrls.databaseUrl && !secretKey && options.needsSecretKey !== false) {
    throw new ConfigError('SECRET_KEY', 'is required with DATABASE_URL; make one with `openssl rand -base64 32`.');
  }
  return {
    port,
    host: read('HOST') ?? '127.0.0.1',
    publicUrl: readPublicUrl(read('PUBLIC_URL') ?? defaultPublicUrl(port)),
    dataDir: resolve(read('DATA_DIR') ?? './.rollcall'),
    ...databaseUrls,
    cells,
    cell: readCell(read('CELL'), cells),
    redisUrl: readRedisUrl(read('REDIS_URL')),
    queuePrefix: QUEUE_PREFIX,
    secretKey,
    previousSecretKeys: readPreviousKeys(read('SECRET_KEY_PREVIOUS')),
    bootstrapClientId: readClientId(read('BOOTSTRAP_CLIENT_ID')),
    bootstrapClientSecret: readClientSecret(read('BOOTSTRAP_CLIENT_SECRET')),
    allowPrivateWebhookTargets: readBoolean('ALLOW_PRIVATE_WEBHOOK_TARGETS', read('ALLOW_PRIVATE_WEBHOOK_TARGETS')),
    webhookRetrySchedule: readRetrySchedule(read('WEBHOOK_RETRY_SCHEDULE')),
    logLevel: readLogLevel(read('LOG_LEVEL')),
    operationsPort: readOperationsPort(read('OPERATIONS_PORT')),
    operationsHost: read('OPERATIONS_HOST') ?? '127.0.0.1',
    eventRetentionDays: readInteger('EVENT_RETENTION_DAYS', read('EVENT_RETENTION_DAYS'), {
      fallback: 30,
      min: 1,
      max: 3650,
    }),
    responseRetentionDays: readInteger('RESPONSE_RETENTION_DAYS', read('RESPONSE_RETENTION_DAYS'), {
      fallback: 7,
      min: 0,
      max: 7,
    }),
    auditRetentionDays: readInteger('AUDIT_RETENTION_DAYS', read('AUDIT_RETENTION_DAYS'), {
      fallback: 400,
      min: 30,
      max: 3650,
    }),
    trustedProxies: readTrustedProxies(read('TRUSTED_PROXIES')),
    databasePoolSize: readPoolSize('DATABASE_POOL_SIZE', read('DATABASE_POOL_SIZE')),
    queuePoolSize: readPoolSize('QUEUE_POOL_SIZE', read('QUEUE_POOL_SIZE')),
    limits: readLimits(read),
    mail: readMail(read, { isEmbedded: databaseUrls.databaseUrl === undefined }),
    tracing: readTracing(read),
    trustTraceparent: readBoolean('TRUST_TRACEPARENT', read('TRUST_TRACEPARENT')),
  };
}

/** The logins of the application and of the owner, and the cells: the control cell's database is that of the installation. */
function readDatabaseUrls(
  read: ReadVariable,
): Pick<Config, 'databaseUrl' | 'databaseDirectUrl' | 'databaseOwnerUrl' | 'cells'> {
  const given = {
    databaseUrl: readDatabaseUrl('DATABASE_URL', read('DATABASE_URL')),
    databaseOwnerUrl: readDatabaseUrl('DATABASE_OWNER_URL', read('DATABASE_OWNER_URL')),
  };
  const cells = readCells(read, given);
  const [control] = cells;
  const databaseUrl = given.databaseUrl ?? control?.databaseUrl;
  const databaseOwnerUrl = given.databaseOwnerUrl ?? control?.databaseOwnerUrl;
  const databaseDirectUrl = readDatabaseUrl('DATABASE_DIRECT_URL', read('DATABASE_DIRECT_URL'));
  if (databaseDirectUrl && control) {
    throw new ConfigError('DATABASE_DIRECT_URL', 'must not be set with CELLS: a cell is reached without a pooler.');
  }
  if (databaseDirectUrl && !databaseUrl) {
    throw new ConfigError('DATABASE_URL', 'is required with DATABASE_DIRECT_URL: the way through the pooler.');
  }
  if (databaseDirectUrl && databaseUrl && new URL(databaseDirectUrl).username !== new URL(databaseUrl).username) {
    throw new ConfigError('DATABASE_DIRECT_URL', 'must have the login of DATABASE_URL.');
  }
  if (databaseOwnerUrl && !databaseUrl) {
    throw new ConfigError('DATABASE_URL', "is required with DATABASE_OWNER_URL: the application's own login.");
  }
  return { databaseUrl, databaseDirectUrl, databaseOwnerUrl, cells };
}

const QUEUE_PREFIX = 'rollcall';

/** The configuration for one cell as if its database were the only one; the queues of several do not meet in Redis. */
export function configOfCell(config: Config, { name, databaseUrl, databaseOwnerUrl }: CellConfig): Config {
  const isControl = config.cells[0]?.name === name;
  const queuePrefix = isControl ? QUEUE_PREFIX : `${QUEUE_PREFIX}.${name}`;
  return { ...config, databaseUrl, databaseOwnerUrl, cells: [], cell: undefined, queuePrefix };
}

/** The configuration with the port really listened on; a `publicUrl` that was only the default follows it. */
export function withListeningPort(config: Config, port: number): Config {
  const isDefault = config.publicUrl === defaultPublicUrl(config.port);
  return { ...config, port, publicUrl: isDefault ? defaultPublicUrl(port) : config.publicUrl };
}

function defaultPublicUrl(port: number): string {
  return `http://localhost:${port}`;
}

function readOperationsPort(text: string | undefined): number | undefined {
  return text === undefined ? undefined : readInteger('OPERATIONS_PORT', text, { fallback: 0, min: 0, max: 65_535 });
}

/** With fewer than four a process would wait for itself: the queue's listen, and work holds one while it asks for another. */
function readPoolSize(name: string, text: string | undefined): number | undefined {
  return text === undefined ? undefined : readInteger(name, text, { fallback: 0, min: 4, max: 1000 });
}
