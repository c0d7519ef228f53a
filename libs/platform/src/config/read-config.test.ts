import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigError } from './config-error';
import { DEFAULT_RETRY_SCHEDULE } from './default-retry-schedule';
import { describeConfig } from './describe-config';
import { readConfig, withListeningPort } from './read-config';
import { SECRET_VARIABLES } from './read-secret-files';

const SECRET_KEY = randomBytes(32).toString('base64');
const OLDER_KEY = randomBytes(32).toString('base64');

describe('readConfig', () => {
  it('starts from an empty environment', () => {
    expect(readConfig({})).toMatchObject({
      port: 4000,
      host: '127.0.0.1',
      publicUrl: 'http://localhost:4000',
      dataDir: `${process.cwd()}/.rollcall`,
      databaseUrl: undefined,
      redisUrl: undefined,
      secretKey: undefined,
      previousSecretKeys: [],
      allowPrivateWebhookTargets: false,
      webhookRetrySchedule: DEFAULT_RETRY_SCHEDULE,
      logLevel: 'info',
      eventRetentionDays: 30,
      auditRetentionDays: 400,
      responseRetentionDays: 7,
      trustedProxies: [],
      trustTraceparent: false,
      limits: {
        requestsPerSecond: 200,
        rowsPerMinute: 240_000,
        searchSecondsPerMinute: 15,
        apiRequestsPerSecond: 100,
        addressRequestsPerSecond: 100,
        burstSeconds: 300,
      },
    });
  });

  describe('mail', () => {
    const database = { DATABASE_URL: 'postgres://app@db/rollcall', SECRET_KEY };

    it('goes into the development mailbox with the embedded database, and nowhere with another', () => {
      expect(readConfig({}).mail).toEqual({ transport: 'mailbox', from: 'Rollcall <rollcall@localhost>' });
      expect(readConfig(database).mail).toEqual({ transport: 'none' });
      expect(readConfig({ ...database, DEVELOPMENT_MAILBOX: 'true' }).mail.transport).toBe('mailbox');
    });

    it('goes to the mail server that is named, from the address that is named', () => {
      const env = { SMTP_URL: 'smtps://user:hunter2@mail.example.com', MAIL_FROM: 'Rollcall <rollcall@example.com>' };
      expect(readConfig(env).mail).toEqual({ transport: 'smtp', url: env.SMTP_URL, from: env.MAIL_FROM });
      expect(JSON.stringify(describeConfig(readConfig(env)))).not.toContain('hunter2');
    });

    it.each([
      [{ SMTP_URL: 'smtp://mail.example.com' }, /^MAIL_FROM is required/],
      [{ SMTP_URL: 'mail.example.com', MAIL_FROM: 'a@b.example' }, /^SMTP_URL must be/],
      [{ SMTP_URL: 'https://mail.example.com', MAIL_FROM: 'a@b.example' }, /^SMTP_URL must be/],
      [{ MAIL_FROM: 'nobody' }, /^MAIL_FROM must be/],
      [{ MAIL_FROM: 'a@b.example, c@d.example' }, /^MAIL_FROM must be/],
    ])('refuses %j', (env, message) => {
      expect(() => readConfig(env)).toThrow(message);
    });
  });

  describe('a secret in a file', () => {
    let folder: string;
    const write = (name: string, text: string): string => {
      const file = join(folder, name);
      writeFileSync(file, text);
      return file;
    };
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'secrets-'));
    });
    afterAll(() => rmSync(folder, { recursive: true }));

    it('is read of each variable that holds one, without the newline at its end', () => {
      const secrets = {
        SECRET_KEY,
        SECRET_KEY_PREVIOUS: OLDER_KEY,
        DATABASE_URL: 'postgres://app@db/rollcall',
        DATABASE_DIRECT_URL: 'postgres://app@direct/rollcall',
        DATABASE_OWNER_URL: 'postgres://owner@db/rollcall',
        REDIS_URL: 'redis://:hunter2@h',
        SMTP_URL: 'smtps://user:hunter2@mail.example.com',
        BOOTSTRAP_CLIENT_SECRET: 'openssl-rand-hex-24',
      };
      const ofCells = {
        SECRET_KEY,
        CELLS: 'b=postgres://app@b/rollcall',
        CELLS_OWNER: 'b=postgres://owner@b/rollcall',
      };
      const ends = ['\n', '\r\n', ''];
      const rest = { MAIL_FROM: 'a@b.example' };
      for (const given of [secrets, ofCells]) {
        const files = Object.entries(given).map(([name, value], i) => [
          `${name}_FILE`,
          write(name, `${value}${ends[i % ends.length]}`),
        ]);
        expect(readConfig({ ...rest, ...Object.fromEntries(files) })).toEqual(readConfig({ ...rest, ...given }));
      }
      const tried = new Set([...Object.keys(secrets), ...Object.keys(ofCells)]);
      expect([...tried].toSorted()).toEqual([...SECRET_VARIABLES].toSorted());
    });

    it.each(SECRET_VARIABLES)('%s is refused when it is given both ways', (name) => {
      const error = catchConfigError({ [name]: 'hunter2', [`${name}_FILE`]: write('both', 'hunter3') });
      expect(error.message).toBe(`${name}_FILE must not be set together with ${name}: keep one.`);
    });

    it('is refused when the file is not there or empty, and what is wrong in it by the name of its variable', () => {
      expect(catchConfigError({ SECRET_KEY_FILE: join(folder, 'none') }).message).toBe(
        'SECRET_KEY_FILE must name a file that this process can read (ENOENT).',
      );
      expect(catchConfigError({ DATABASE_URL_FILE: write('empty', '\n') }).message).toBe(
        'DATABASE_URL_FILE must name a file that is not empty.',
      );
      const { message } = catchConfigError({ SECRET_KEY_FILE: write('short', 'hunter2') });
      expect(message).toMatch(/^SECRET_KEY must be 32 bytes/);
      expect(message).not.toContain('hunter2');
    });
  });

  it('takes an empty variable as unset', () => {
    expect(readConfig({ PORT: '', DATABASE_URL: ' ', SECRET_KEY: '' }).port).toBe(4000);
  });

  it('derives the public URL from the port, also when a free one is picked later', () => {
    expect(readConfig({ PORT: '4100' }).publicUrl).toBe('http://localhost:4100');
    expect(withListeningPort(readConfig({ PORT: '0' }), 38211)).toMatchObject({
      port: 38211,
      publicUrl: 'http://localhost:38211',
    });
    expect(withListeningPort(readConfig({ PORT: '0', PUBLIC_URL: 'https://d.example' }), 38211).publicUrl).toBe(
      'https://d.example',
    );
  });

  it('keeps the path of PUBLIC_URL and drops trailing slashes', () => {
    expect(readConfig({ PUBLIC_URL: 'https://d.example:8443/sync//' }).publicUrl).toBe('https://d.example:8443/sync');
  });

  it.each([
    'redis://h',
    'rediss://u:p@h:6380/1',
    'redis-sentinel://h1:26379,h2:26379/name',
    'redis-cluster://h1:7000,h2:7001',
  ])('takes %s for Redis', (REDIS_URL) => {
    expect(readConfig({ REDIS_URL }).redisUrl).toBe(REDIS_URL);
  });

  it('reads limits, those of a directory not below what identity providers may rely on', () => {
    expect(readConfig({ LIMIT_REQUESTS_PER_SECOND: '50', LIMIT_BURST_SECONDS: '1' }).limits).toMatchObject({
      requestsPerSecond: 50,
      burstSeconds: 1,
    });
    expect(() => readConfig({ LIMIT_REQUESTS_PER_SECOND: '49' })).toThrow('LIMIT_REQUESTS_PER_SECOND must be');
    expect(() => readConfig({ LIMIT_ROWS_PER_MINUTE: '99999' })).toThrow('LIMIT_ROWS_PER_MINUTE must be');
  });

  it('leaves the sizes of pools to each process unless told, and takes none that would make it wait for itself', () => {
    expect(readConfig({})).toMatchObject({ databasePoolSize: undefined, queuePoolSize: undefined });
    expect(readConfig({ DATABASE_POOL_SIZE: '20', QUEUE_POOL_SIZE: '4' })).toMatchObject({
      databasePoolSize: 20,
      queuePoolSize: 4,
    });
    for (const name of ['DATABASE_POOL_SIZE', 'QUEUE_POOL_SIZE']) {
      expect(() => readConfig({ [name]: '3' })).toThrow(`${name} must be a whole number from 4 to 1000.`);
    }
  });

  it('reads the retry schedule in seconds', () => {
    expect(readConfig({ WEBHOOK_RETRY_SCHEDULE: '1, 2.5,3' }).webhookRetrySchedule).toEqual([1, 2.5, 3]);
  });

  it('reads trusted proxies as addresses and ranges of both families', () => {
    const TRUSTED_PROXIES = '10.0.0.0/8, 192.0.2.7,2001:db8::/32,::1';
    expect(readConfig({ TRUSTED_PROXIES }).trustedProxies).toEqual(['10.0.0.0/8', '192.0.2.7', '2001:db8::/32', '::1']);
  });

  it('takes a leading 0 of the retry schedule as the first attempt', () => {
    expect(readConfig({ WEBHOOK_RETRY_SCHEDULE: '0,1,2' }).webhookRetrySchedule).toEqual([1, 2]);
  });

  it('takes DATABASE_URL without a key only for commands that seal nothing', () => {
    const env = { DATABASE_URL: 'postgres://h/db' };
    expect(() => readConfig(env)).toThrow(/^SECRET_KEY is required with DATABASE_URL/);
    expect(readConfig(env, { needsSecretKey: false }).databaseUrl).toBe('postgres://h/db');
    expect(readConfig({ ...env, SECRET_KEY }).secretKey).toHaveLength(32);
  });

  it.each([
    ['postgres://h/db?sslmode=require', 'postgres://h/db?sslmode=verify-full'],
    [
      'postgres://h/db?sslrootcert=/ca.pem&sslmode=verify-ca&x=1',
      'postgres://h/db?sslrootcert=/ca.pem&sslmode=verify-full&x=1',
    ],
    ['postgres://h/db?sslmode=no-verify', 'postgres://h/db?sslmode=no-verify'],
    ['postgres://h/db?sslmode=require&uselibpqcompat=true', 'postgres://h/db?sslmode=require&uselibpqcompat=true'],
    ['postgres://u:p%3Fsslmode=require@h/db', 'postgres://u:p%3Fsslmode=require@h/db'],
  ])(
    'verifies the certificate of the server that %s leads to, as it always has, unless told otherwise',
    (DATABASE_URL, url) => {
      expect(readConfig({ DATABASE_URL, SECRET_KEY }).databaseUrl).toBe(url);
    },
  );

  it('reads previous keys, a weak one among them, for what it sealed is sealed anew', () => {
    const weak = Buffer.alloc(32);
    const { previousSecretKeys } = readConfig({ SECRET_KEY_PREVIOUS: `${OLDER_KEY}, ${weak.toString('base64')}` });
    expect(previousSecretKeys).toEqual([Buffer.from(OLDER_KEY, 'base64'), weak]);
  });

  it.each(['openssl-rand-hex-24', '0123456789abcdef'])('takes %s for the first client’s secret', (secret) => {
    expect(readConfig({ BOOTSTRAP_CLIENT_SECRET: secret }).bootstrapClientSecret).toBe(secret);
  });

  it.each([
    ['TRUSTED_PROXIES', 'proxy.internal'],
    ['TRUSTED_PROXIES', '10.0.0.0/33'],
    ['TRUSTED_PROXIES', '10.0.0.0/8,'],
    ['TRUSTED_PROXIES', '10.0.0.0/8/8'],
    ['TRUSTED_PROXIES', 'fe80::1%eth0'],
    ['AUDIT_RETENTION_DAYS', '29'],
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '80a'],
    ['PORT', '4e3'],
    ['PUBLIC_URL', 'd.example'],
    ['PUBLIC_URL', '/x'],
    ['PUBLIC_URL', 'ftp://d.example'],
    ['PUBLIC_URL', 'https://d.example/?a=1'],
    ['PUBLIC_URL', 'https://d.example/?'],
    ['PUBLIC_URL', 'https://d.example/#a'],
    ['PUBLIC_URL', 'https://u:p@d.example'],
    ['PUBLIC_URL', 'https://my_host.example'],
    ['PUBLIC_URL', 'https://d.example/my_path'],
    ['PUBLIC_URL', 'https://d.example/my%5Fpath'],
    ['DATABASE_URL', 'mysql://h/db'],
    ['DATABASE_URL', 'db.example:5432'],
    ['DATABASE_URL', 'postgres://u:p@h1,h2/db?target_session_attrs=read-write'],
    ['DATABASE_OWNER_URL', 'db.example:5432'],
    ['DATABASE_DIRECT_URL', 'db.example:5432'],
    ['REDIS_URL', 'http://h'],
    ['REDIS_URL', 'h:6379'],
    ['REDIS_URL', 'redis://'],
    ['REDIS_URL', 'redis-sentinel://h1,h2'],
    ['SECRET_KEY', 'short'],
    ['SECRET_KEY', randomBytes(31).toString('base64')],
    ['SECRET_KEY', randomBytes(33).toString('base64')],
    ['SECRET_KEY', `${'!'.repeat(3)}${SECRET_KEY}`],
    ['BOOTSTRAP_CLIENT_ID', 'a:b'],
    ['SECRET_KEY', Buffer.alloc(32, 7).toString('base64')],
    ['SECRET_KEY', Buffer.alloc(32, 'abcdefg').toString('base64')],
    ['SECRET_KEY_PREVIOUS', 'short'],
    ['SECRET_KEY_PREVIOUS', `${SECRET_KEY},`],
    ['SECRET_KEY_PREVIOUS', `${SECRET_KEY};${SECRET_KEY}`],
    ['BOOTSTRAP_CLIENT_SECRET', 'abcdefgh abcdefgh'],
    ['BOOTSTRAP_CLIENT_SECRET', 'abcdefghijk'],
    ['BOOTSTRAP_CLIENT_SECRET', 'abcdeabcdeabcdeabcde'],
    ['ALLOW_PRIVATE_WEBHOOK_TARGETS', 'yes'],
    ['TRUST_TRACEPARENT', '1'],
    ['WEBHOOK_RETRY_SCHEDULE', '5,,6'],
    ['WEBHOOK_RETRY_SCHEDULE', '-5'],
    ['WEBHOOK_RETRY_SCHEDULE', '5s'],
    ['WEBHOOK_RETRY_SCHEDULE', '604801'],
    ['LOG_LEVEL', 'loud'],
    ['EVENT_RETENTION_DAYS', '0'],
  ])('refuses %s=%s with one sentence that names the variable', (variable, value) => {
    const error = catchConfigError({ [variable]: value });
    expect(error.variable).toBe(variable);
    expect(error.message).toMatch(new RegExp(`^${variable} (must|is) [^\n]*\\.$`));
  });

  it('takes the way past a pooler only beside the way through it, with the same login', () => {
    const direct = { DATABASE_DIRECT_URL: 'postgres://app:x@db/rollcall' };
    expect(catchConfigError(direct).message).toMatch(/^DATABASE_URL is required with DATABASE_DIRECT_URL/);
    const through = (login: string) => ({
      ...direct,
      DATABASE_URL: `postgres://${login}:x@pooler/rollcall`,
      SECRET_KEY,
    });
    expect(catchConfigError(through('owner')).message).toBe('DATABASE_DIRECT_URL must have the login of DATABASE_URL.');
    expect(readConfig(through('app'))).toMatchObject({ databaseDirectUrl: direct.DATABASE_DIRECT_URL });
  });

  it('never repeats a secret in an error', () => {
    expect(catchConfigError({ SECRET_KEY: 'hunter2' }).message).not.toContain('hunter2');
    expect(catchConfigError({ DATABASE_OWNER_URL: 'postgres://u:hunter2@h' }).message).toBe(
      "DATABASE_URL is required with DATABASE_OWNER_URL: the application's own login.",
    );
    expect(catchConfigError({ DATABASE_URL: 'mysql://u:hunter2@h' }).message).not.toContain('hunter2');
  });
});

describe('describeConfig', () => {
  it('shows where things point and no secret', () => {
    const config = readConfig({
      DATABASE_URL: 'postgres://rollcall:hunter2@db:5432/rollcall?password=hunter3',
      REDIS_URL: 'redis-sentinel://:p@ss-hunter4@h1:1,h2:2/name',
      SECRET_KEY,
      SECRET_KEY_PREVIOUS: OLDER_KEY,
      BOOTSTRAP_CLIENT_SECRET: 'hunter5-hunter5-hunter5',
    });
    const text = JSON.stringify(describeConfig(config));
    expect(text).toContain('postgres://db:5432/rollcall');
    expect(text).toContain('redis-sentinel://h1:1,h2:2/name');
    expect(text).not.toContain('hunter');
    expect(text).not.toContain(SECRET_KEY);
    expect(text).not.toContain(OLDER_KEY);
  });

  it('says what is embedded', () => {
    expect(describeConfig(readConfig({}))).toMatchObject({ database: 'embedded PostgreSQL', queue: 'PostgreSQL' });
  });
});

function catchConfigError(env: NodeJS.ProcessEnv): ConfigError {
  try {
    readConfig(env, { needsSecretKey: false });
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
