import { resolve } from 'node:path';
import { DEFAULT_RETRY_SCHEDULE } from './default-retry-schedule';
import { ENVIRONMENT_LIMITS, LIMIT_MAX } from './environment-limits';
import { parseAddressRanges } from './parse-address-ranges';

/** Levels of the log, least first. */
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

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
  /** Where migrations and the first start log in; ingress and worker never do. */
  databaseOwnerUrl?: string;
  /** Unset = BullMQ on PostgreSQL. */
  redisUrl?: string;
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
}

/**
 * How mails leave: by SMTP; into the development mailbox, which is read in the browser of this machine; or not at all, and what
 * would write one is refused.
 */
export type MailSettings =
  | { transport: 'smtp'; url: string; from: string }
  | { transport: 'mailbox'; from: string }
  | { transport: 'none' };

/** What may be asked for at most where an environment has no limit of its own. */
export interface LimitDefaults {
  /** SCIM requests of a directory. */
  requestsPerSecond: number;
  /** Users, groups and members that a directory writes. */
  rowsPerMinute: number;
  /** What the searches of a directory that look into every resource may take of a processor. */
  searchSecondsPerMinute: number;
  /** Requests of an environment to the management API and its portals. */
  apiRequestsPerSecond: number;
  /** Requests of an address without a credential. */
  addressRequestsPerSecond: number;
  /** How many seconds' worth of each may come at once. */
  burstSeconds: number;
}

/** A variable of the environment that cannot be used: one sentence that names it and says what it takes. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly variable: string;

  constructor(variable: string, sentence: string) {
    super(`${variable} ${sentence}`);
    this.variable = variable;
  }
}

/**
 * Reads the environment. An empty variable counts as unset. Values of secrets never appear in an error.
 * @param options.needsSecretKey false for commands that only migrate: then `DATABASE_URL` may come without `SECRET_KEY`
 * @throws ConfigError
 */
export function readConfig(env: NodeJS.ProcessEnv, options: { needsSecretKey?: boolean } = {}): Config {
  const read = (name: string) => env[name]?.trim() || undefined;
  const port = readInteger('PORT', read('PORT'), { fallback: 4000, min: 0, max: 65_535 });
  const databaseUrl = readDatabaseUrl('DATABASE_URL', read('DATABASE_URL'));
  const databaseOwnerUrl = readDatabaseUrl('DATABASE_OWNER_URL', read('DATABASE_OWNER_URL'));
  if (databaseOwnerUrl && !databaseUrl) {
    throw new ConfigError('DATABASE_URL', "is required with DATABASE_OWNER_URL: the application's own login.");
  }
  const secretKey = readSecretKey(read('SECRET_KEY'));
  if (databaseUrl && !secretKey && options.needsSecretKey !== false) {
    throw new ConfigError('SECRET_KEY', 'is required with DATABASE_URL; make one with `openssl rand -base64 32`.');
  }
  return {
    port,
    host: read('HOST') ?? '127.0.0.1',
    publicUrl: readPublicUrl(read('PUBLIC_URL') ?? defaultPublicUrl(port)),
    dataDir: resolve(read('DATA_DIR') ?? './.rollcall'),
    databaseUrl,
    databaseOwnerUrl,
    redisUrl: readRedisUrl(read('REDIS_URL')),
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
    mail: readMail(read, { isEmbedded: databaseUrl === undefined }),
  };
}

/** Reads how mails leave. The mailbox is for the embedded database, of which the launcher tells the processes that it starts. */
function readMail(read: (name: string) => string | undefined, { isEmbedded }: { isEmbedded: boolean }): MailSettings {
  const [url, from] = [read('SMTP_URL'), read('MAIL_FROM')];
  if (
    from !== undefined &&
    (from.length > 320 || !/^([^<>\r\n]*<[^<>\s@]+@[^<>\s@]+>|[^<>\s@]+@[^<>\s@]+)$/.test(from))
  ) {
    throw new ConfigError('MAIL_FROM', 'must be an address such as "Rollcall <rollcall@example.com>".');
  }
  if (url === undefined) {
    const hasMailbox = isEmbedded || readBoolean('DEVELOPMENT_MAILBOX', read('DEVELOPMENT_MAILBOX'));
    return hasMailbox ? { transport: 'mailbox', from: from ?? 'Rollcall <rollcall@localhost>' } : { transport: 'none' };
  }
  if (!/^smtps?:\/\//.test(url) || !URL.canParse(url) || new URL(url).hostname === '') {
    throw new ConfigError(
      'SMTP_URL',
      'must be an smtp:// or smtps:// URL, such as smtps://user:password@mail.example.com.',
    );
  }
  if (from === undefined) {
    throw new ConfigError('MAIL_FROM', 'is required with SMTP_URL: the address that mails come from.');
  }
  return { transport: 'smtp', url, from };
}

/** Reads the limits. Those of a directory are never below what identity providers may rely on. */
function readLimits(read: (name: string) => string | undefined): LimitDefaults {
  const limit = (name: string, range: { fallback: number; min: number }) =>
    readInteger(name, read(name), { ...range, max: LIMIT_MAX });
  return {
    requestsPerSecond: limit('LIMIT_REQUESTS_PER_SECOND', ENVIRONMENT_LIMITS.requests_per_second),
    rowsPerMinute: limit('LIMIT_ROWS_PER_MINUTE', ENVIRONMENT_LIMITS.rows_per_minute),
    searchSecondsPerMinute: limit('LIMIT_SEARCH_SECONDS_PER_MINUTE', ENVIRONMENT_LIMITS.search_seconds_per_minute),
    apiRequestsPerSecond: limit('LIMIT_API_REQUESTS_PER_SECOND', ENVIRONMENT_LIMITS.api_requests_per_second),
    addressRequestsPerSecond: limit('LIMIT_ADDRESS_REQUESTS_PER_SECOND', { fallback: 100, min: 10 }),
    burstSeconds: limit('LIMIT_BURST_SECONDS', ENVIRONMENT_LIMITS.burst_seconds),
  };
}

/** The configuration with the port really listened on; a `publicUrl` that was only the default follows it. */
export function withListeningPort(config: Config, port: number): Config {
  const isDefault = config.publicUrl === defaultPublicUrl(config.port);
  return { ...config, port, publicUrl: isDefault ? defaultPublicUrl(port) : config.publicUrl };
}

function defaultPublicUrl(port: number): string {
  return `http://localhost:${port}`;
}

/** Reads `PUBLIC_URL`. No underscore in host or path: Okta refuses a SCIM base URL with one. */
function readPublicUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new ConfigError(
      'PUBLIC_URL',
      'must be an absolute http or https URL, such as https://directory.example.com.',
    );
  }
  if (url.username || url.password) throw new ConfigError('PUBLIC_URL', 'must not contain a user name or password.');
  if (/[?#]/.test(text)) throw new ConfigError('PUBLIC_URL', 'must not contain a query or a fragment.');
  if (/_|%5f/i.test(url.host + url.pathname)) {
    throw new ConfigError('PUBLIC_URL', 'must not contain an underscore, because Okta refuses one in a SCIM base URL.');
  }
  return (url.origin + url.pathname).replace(/\/+$/, '');
}

function readDatabaseUrl(name: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (/^postgres(ql)?:\/\/([^/?#]*@)?[^/?#@]*,/.test(text)) {
    throw new ConfigError(name, 'must name one host: give several a DNS name or a proxy that leads to the primary.');
  }
  if (!/^postgres(ql)?:\/\//.test(text) || !URL.canParse(text)) {
    throw new ConfigError(name, 'must be a postgres:// or postgresql:// URL.');
  }
  return text;
}

/** Reads `REDIS_URL`. Several hosts separated by commas are no WHATWG URL, so only the scheme and a host are checked here. */
function readRedisUrl(text: string | undefined): string | undefined {
  if (text !== undefined && !/^(redis|rediss|redis-sentinel|redis-cluster):\/\/[^\s/]+/.test(text)) {
    throw new ConfigError(
      'REDIS_URL',
      'must be a redis://host, rediss://host, redis-sentinel://h1,h2/name or redis-cluster://h1,h2 URL.',
    );
  }
  if (text?.startsWith('redis-sentinel:') && !/^redis-sentinel:\/\/[^\s/]+\/[^\s/?]+/.test(text)) {
    throw new ConfigError('REDIS_URL', 'must name the master after the sentinels: redis-sentinel://h1,h2/name.');
  }
  return text;
}

/** A random key of 32 bytes has about 30 different ones, a random secret of 16 hex digits about 10: fewer were not drawn at random. */
const MIN_DISTINCT_BYTES = 8;
const MIN_DISTINCT_CHARACTERS = 6;

function readSecretKey(text: string | undefined): Buffer | undefined {
  const key = readKey('SECRET_KEY', text);
  if (key && new Set(key).size < MIN_DISTINCT_BYTES) {
    throw new ConfigError(
      'SECRET_KEY',
      'must be random, and this one repeats a few bytes; make another with `openssl rand -base64 32`, and name this one in SECRET_KEY_PREVIOUS if a database was sealed with it.',
    );
  }
  return key;
}

/** A weak key is taken here: it is being replaced. */
function readPreviousKeys(text: string | undefined): Buffer[] {
  const parts = text?.split(',').map((part) => part.trim()) ?? [];
  return parts.flatMap((part) => readKey('SECRET_KEY_PREVIOUS', part) ?? []);
}

function readKey(name: string, text: string | undefined): Buffer | undefined {
  if (text === undefined) return undefined;
  const key = Buffer.from(text, 'base64');
  if (key.length === 32 && /^[A-Za-z0-9+/]{43}=?$/.test(text)) return key;
  throw new ConfigError(
    name,
    name === 'SECRET_KEY'
      ? 'must be 32 bytes in base64; make one with `openssl rand -base64 32`.'
      : 'must be older values of SECRET_KEY, each 32 bytes in base64, separated by commas.',
  );
}

function readClientId(text: string | undefined): string | undefined {
  if (text === undefined || /^[A-Za-z0-9_.~-]{1,128}$/.test(text)) return text;
  throw new ConfigError('BOOTSTRAP_CLIENT_ID', 'must be 1 to 128 letters, digits or one of "_.~-".');
}

function readClientSecret(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (/^[!-~]{12,256}$/.test(text) && new Set(text).size >= MIN_DISTINCT_CHARACTERS) return text;
  throw new ConfigError(
    'BOOTSTRAP_CLIENT_SECRET',
    `must be 12 to 256 printable ASCII characters without spaces, at least ${MIN_DISTINCT_CHARACTERS} of them different; make one with \`openssl rand -hex 24\`.`,
  );
}

function readBoolean(name: string, text: string | undefined): boolean {
  if (text === undefined) return false;
  if (text !== 'true' && text !== 'false') throw new ConfigError(name, 'must be true or false.');
  return text === 'true';
}

/** Reads the waits after failed attempts. A leading 0 is the first attempt itself, which is always at once. */
function readRetrySchedule(text: string | undefined): number[] {
  if (text === undefined) return [...DEFAULT_RETRY_SCHEDULE];
  const parts = text.split(',').map((part) => part.trim());
  if (parts.length > 50 || !parts.every((part) => /^\d{1,7}(\.\d{1,3})?$/.test(part) && Number(part) <= 604_800)) {
    throw new ConfigError(
      'WEBHOOK_RETRY_SCHEDULE',
      'must be up to 50 numbers of seconds separated by commas, each at most 604800, such as 5,300,1800.',
    );
  }
  const seconds = parts.map(Number);
  return seconds[0] === 0 ? seconds.slice(1) : seconds;
}

function readTrustedProxies(text: string | undefined): string[] {
  if (text === undefined) return [];
  const ranges = parseAddressRanges(text);
  if (ranges) return ranges;
  throw new ConfigError(
    'TRUSTED_PROXIES',
    'must be IP addresses or ranges separated by commas, such as 10.0.0.0/8,2001:db8::1.',
  );
}

function readOperationsPort(text: string | undefined): number | undefined {
  return text === undefined ? undefined : readInteger('OPERATIONS_PORT', text, { fallback: 0, min: 0, max: 65_535 });
}

function readLogLevel(text: string | undefined): LogLevel {
  const level = LOG_LEVELS.find((known) => known === (text ?? 'info'));
  if (!level) throw new ConfigError('LOG_LEVEL', `must be one of ${LOG_LEVELS.join(', ')}.`);
  return level;
}

/** With fewer than four a process would wait for itself: the queue's listen, and work holds one while it asks for another. */
function readPoolSize(name: string, text: string | undefined): number | undefined {
  return text === undefined ? undefined : readInteger(name, text, { fallback: 0, min: 4, max: 1000 });
}

function readInteger(
  name: string,
  text: string | undefined,
  range: { fallback: number; min: number; max: number },
): number {
  if (text === undefined) return range.fallback;
  const value = /^\d{1,6}$/.test(text) ? Number(text) : NaN;
  if (!(value >= range.min && value <= range.max)) {
    throw new ConfigError(name, `must be a whole number from ${range.min} to ${range.max}.`);
  }
  return value;
}
