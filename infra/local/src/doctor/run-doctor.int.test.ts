import { createServer, type AddressInfo, type Server } from 'node:net';
import { asOwner, bootstrapDatabase, createDataSource } from '@rollcall/database';
import { buildDirectory, buildEndpoint, seedEvents } from '@rollcall/test-builders';
import {
  createTestDatabase,
  freePort,
  hasPgBouncer,
  newSecretKey,
  startFaultProxy,
  startPgBouncer,
  startRedis,
} from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrate } from '../supervise/prepare-database';
import type { Finding } from './finding';
import { runDoctor } from './run-doctor';

const SECRET_KEY = newSecretKey();
const POOLER = { keepsStatements: true };
const ENV = { SECRET_KEY, PUBLIC_URL: 'https://rollcall.example' };

let database: TestDatabase;
const opened: (() => unknown)[] = [];

beforeAll(async () => {
  database = await createTestDatabase({ migrate });
  await bootstrapDatabase({ ownerUrl: database.ownerUrl, keys: { secretKey: Buffer.from(SECRET_KEY, 'base64') } });
});

afterAll(async () => {
  await Promise.all(opened.map((close) => close()));
  await database.drop();
});

interface Diagnosis {
  ok: boolean;
  findings: Finding[];
  /** Why the command ended with an error, if it did. */
  error?: string;
}

async function diagnose(env: NodeJS.ProcessEnv): Promise<Diagnosis> {
  const lines: string[] = [];
  const error = await runDoctor({ env: { ...ENV, ...env }, json: true, say: (line) => void lines.push(line) }).then(
    () => undefined,
    (thrown: Error) => thrown.message,
  );
  return { ...(JSON.parse(lines.join('')) as Diagnosis), ...(error && { error }) };
}

/** What was found of a check. */
async function findingsOf(check: string, env: NodeJS.ProcessEnv): Promise<string[]> {
  const { findings } = await diagnose({ DATABASE_URL: database.appUrl, ...env });
  return findings.filter((finding) => finding.check === check).map(({ state, text }) => `${state}: ${text}`);
}

async function startMailServer(greeting: string): Promise<number> {
  const server: Server = createServer((socket) => socket.on('error', () => undefined).write(greeting));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

describe('a server that is well', () => {
  it('gets ok for every check but for what only this test machine has', async () => {
    const { findings } = await diagnose({ DATABASE_URL: database.appUrl, DATABASE_OWNER_URL: database.ownerUrl });
    const others = findings.filter(({ state }) => state !== 'ok');
    // The server of the suites does not wait for the disk, has connections for many, and mails go nowhere.
    expect(others.map(({ check, state, text }) => `${check} ${state} ${text.split(':', 1)[0]}`)).toEqual([
      'server fail fsync is off',
      'server fail full_page_writes is off',
      'server fail synchronous_commit is off',
      'mail warn No mails are sent',
    ]);
    expect(findings.map(({ check }) => check)).toEqual(
      expect.arrayContaining([
        'database',
        'login',
        'schema',
        'secret key',
        'restore',
        'connections',
        'clock',
        'row security',
        'grants',
      ]),
    );
    expect(findings.map(({ check }) => check)).toEqual(
      expect.arrayContaining(['partitions', 'queue', 'changes', 'feed', 'outbound']),
    );
  });

  it('is left as it was, and prints a line for each check to people', async () => {
    const lines: string[] = [];
    const count = async () => {
      const [row] = await asOwner(database.ownerUrl, (owner) =>
        owner.query<{ n: string }[]>('SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) AS n FROM pg_stat_user_tables'),
      );
      return row?.n;
    };
    const before = await count();
    const env = { ...ENV, DATABASE_URL: database.appUrl };
    await expect(runDoctor({ env, json: false, say: (line) => void lines.push(line) })).rejects.toThrow(
      '3 checks have failed.',
    );
    expect(await count()).toBe(before);
    for (const line of lines) expect(line).toMatch(/^(ok|warn|fail) +[a-z]+/);
  });
});

describe('the configuration', () => {
  it('is refused with every variable that is wrong, and nothing else is looked at', async () => {
    const { ok, findings, error } = await diagnose({
      PORT: 'http',
      LOG_LEVEL: 'loud',
      DATABASE_OWNER_URL: database.ownerUrl,
      SMTP_URL: 'smtp://mail.example',
    });
    expect({ ok, error }).toEqual({ ok: false, error: '4 checks have failed.' });
    expect(findings.map(({ text }) => text.split(' ', 1)[0])).toEqual([
      'PORT',
      'DATABASE_URL',
      'LOG_LEVEL',
      'MAIL_FROM',
    ]);
  });

  it.each([
    [{ SECRET_KEY: '', SECRET_KEY_FILE: '/nowhere/key' }, ['SECRET_KEY_FILE']],
    [{ DATABASE_URL_FILE: '/nowhere/url' }, ['DATABASE_URL_FILE']],
    [{ DATABASE_DIRECT_URL: 'postgres://a:b@127.0.0.1/c' }, ['DATABASE_URL']],
    [
      { DATABASE_DIRECT_URL: 'postgres://a:b@127.0.0.1/c', DATABASE_OWNER_URL: 'postgres://o:b@127.0.0.1/c' },
      ['DATABASE_URL', 'DATABASE_URL'],
    ],
  ])('is refused once for each thing that is wrong: %j', async (env, variables) => {
    const { findings } = await diagnose(env);
    const failed = findings.filter(({ check, state }) => check === 'configuration' && state === 'fail');
    expect(failed.map(({ text }) => text.split(' ', 1)[0])).toEqual(variables);
    expect(new Set(failed.map(({ text }) => text)).size).toBe(failed.length);
  });

  it('shows no secret', async () => {
    const { findings } = await diagnose({ DATABASE_URL: database.appUrl, DATABASE_OWNER_URL: database.ownerUrl });
    const text = JSON.stringify(findings);
    for (const secret of [SECRET_KEY, new URL(database.appUrl).password, new URL(database.ownerUrl).password])
      expect(text).not.toContain(secret);
  });
});

describe('the database', () => {
  it('that refuses connections is one finding', async () => {
    const DATABASE_URL = `postgresql://a:b@127.0.0.1:${await freePort()}/rollcall`;
    const { findings } = await diagnose({ DATABASE_URL });
    expect(findings.filter(({ state }) => state === 'fail')).toEqual([
      { check: 'database', state: 'fail', text: expect.stringContaining('cannot be reached (ECONNREFUSED)') },
    ]);
  });

  it('that says nothing is one finding as well, and does not hold up the doctor', async () => {
    const { port, hostname } = new URL(database.appUrl);
    const proxy = await startFaultProxy({ targetHost: hostname, targetPort: Number(port) });
    opened.push(() => proxy.stop());
    await proxy.setFault({ kind: 'silent' });
    const DATABASE_URL = Object.assign(new URL(database.appUrl), { port: String(proxy.port) }).href;
    expect(await findingsOf('database', { DATABASE_URL })).toEqual([expect.stringMatching(/^fail: /)]);
  });

  it("fails with the owner's login, with what to do", async () => {
    const found = await findingsOf('login', { DATABASE_URL: database.ownerUrl });
    expect(found).toEqual([expect.stringMatching(/^fail: .*owns the tables.*migrate/)]);
  });

  it('fails when it was not migrated, and with another key', async () => {
    const empty = await createTestDatabase();
    opened.push(() => empty.drop());
    expect(await findingsOf('schema', { DATABASE_URL: empty.appUrl })).toEqual([
      expect.stringContaining('fail: The database is not set up'),
    ]);
    expect(await findingsOf('secret key', { SECRET_KEY: newSecretKey() })).toEqual([
      expect.stringContaining('fail: SECRET_KEY is not the key this database was sealed with'),
    ]);
  });

  it('is what a restore left, or has come to another server, with what to do', async () => {
    const restored = await createTestDatabase({ migrate });
    opened.push(() => restored.drop());
    await bootstrapDatabase({ ownerUrl: restored.ownerUrl, keys: { secretKey: Buffer.from(SECRET_KEY, 'base64') } });
    const env = { DATABASE_URL: restored.appUrl };
    const alter = (sql: string) => asOwner(restored.ownerUrl, (owner) => owner.query(sql));
    await alter(`UPDATE installation SET system_identifier = '1'`);
    expect(await findingsOf('restore', env)).toEqual([
      expect.stringMatching(/^warn: The database is on another PostgreSQL server.*after-restore/),
    ]);
    const app = await createDataSource({ url: restored.appUrl, poolSize: 1 }).initialize();
    await seedEvents(app, await buildDirectory(restored.ownerUrl), { from: 1, to: 1 });
    await app.destroy();
    await alter('UPDATE installation SET transaction_offset = -1000000000');
    expect(await findingsOf('restore', env)).toEqual([
      expect.stringMatching(/^fail: This database was restored.*after-restore/),
    ]);
  });

  it.runIf(hasPgBouncer(POOLER))('behind a pooler is looked at through it and past it', async () => {
    const pooled = await createTestDatabase({ migrate });
    opened.push(() => pooled.drop());
    await bootstrapDatabase({ ownerUrl: pooled.ownerUrl, keys: { secretKey: Buffer.from(SECRET_KEY, 'base64') } });
    const { ownerUrl, appUrl, adminUrl } = pooled;
    // The owner of the tests' databases may change no role: what it says an administrator has to run is run.
    const needed = await migrate({ ownerUrl, appUrl, isPooled: true }).catch(({ message }: Error) => message);
    const admin = await createDataSource({ url: adminUrl, poolSize: 1 }).initialize();
    await admin.query(String(needed).slice(String(needed).indexOf('ALTER ROLE')));
    await admin.destroy();
    const pooler = await startPgBouncer(appUrl, POOLER);
    opened.push(() => pooler.stop());

    const { findings } = await diagnose({ DATABASE_URL: pooler.url, DATABASE_DIRECT_URL: appUrl });
    const of = (...checks: string[]) => findings.filter(({ check }) => checks.includes(check));
    expect(of('database').map(({ state, text }) => `${state}: ${text}`)).toEqual([
      'ok: It is reached.',
      'ok: It is reached past the pooler too.',
    ]);
    expect(of('login', 'schema', 'secret key', 'feed').map(({ state }) => state)).toEqual(['ok', 'ok', 'ok', 'ok']);

    const away = Object.assign(new URL(appUrl), { port: String(await freePort()) }).href;
    expect(await findingsOf('database', { DATABASE_URL: pooler.url, DATABASE_DIRECT_URL: away })).toEqual([
      'ok: It is reached.',
      expect.stringMatching(/^fail: The database that DATABASE_DIRECT_URL names cannot be reached/),
    ]);
  });

  it.runIf(!hasPgBouncer(POOLER))(
    'behind a pooler was NOT looked at: no PgBouncer of 1.21 or newer is installed',
    () => {
      expect(process.env['CI'], 'PgBouncer has to be installed where CI=true').not.toBe('true');
    },
  );

  it('names rights that the application has lost', async () => {
    const lost = 'FUNCTION scim_enter FROM rollcall_app';
    await asOwner(database.ownerUrl, (owner) => owner.query(`REVOKE EXECUTE ON ${lost}`));
    expect(await findingsOf('grants', {})).toEqual([
      expect.stringContaining('fail: The application has no right to function scim_enter:'),
    ]);
    await migrate({ ownerUrl: database.ownerUrl });
    expect(await findingsOf('grants', {})).toEqual([expect.stringMatching(/^ok: /)]);
  });

  it('names the transaction that holds back the feed', async () => {
    const holder = await createDataSource({
      url: database.ownerUrl,
      poolSize: 1,
      applicationName: 'forgotten',
    }).initialize();
    const runner = holder.createQueryRunner();
    await runner.startTransaction();
    await runner.query('SELECT pg_current_xact_id()');
    // A later one is over.
    await asOwner(database.ownerUrl, (owner) => owner.query('SELECT pg_current_xact_id()'));
    const found = await findingsOf('feed', {});
    await runner.rollbackTransaction();
    await holder.destroy();
    expect(found).toEqual([
      expect.stringMatching(/^warn: Transaction \d+ \(process \d+ of "rollcall_owner", forgotten\)/),
    ]);
  });
});

describe('the queue', () => {
  it('on a Redis that is away, keeps all, or evicts', async ({ skip }) => {
    const away = `redis://127.0.0.1:${await freePort()}`;
    expect(await findingsOf('queue', { REDIS_URL: away })).toEqual([expect.stringMatching(/^fail: .*ECONNREFUSED/)]);
    const [keeping, evicting] = [
      await startRedis({ appendOnly: true }),
      await startRedis({ maxmemoryPolicy: 'allkeys-lru' }),
    ];
    if (!keeping || !evicting) return skip('redis-server is not installed');
    opened.push(
      () => keeping.stop(),
      () => evicting.stop(),
    );
    expect(await findingsOf('queue', { REDIS_URL: keeping.url })).toEqual([
      expect.stringMatching(/^ok: It is on Redis [\d.]+, which keeps it over a restart/),
    ]);
    expect(await findingsOf('queue', { REDIS_URL: evicting.url })).toEqual([
      expect.stringMatching(/^warn: maxmemory-policy is allkeys-lru.*noeviction/),
    ]);
  });
});

describe('the ways out', () => {
  it('are tried to the mail server', async () => {
    const mail = async (port: number) =>
      findingsOf('mail', { SMTP_URL: `smtp://127.0.0.1:${port}`, MAIL_FROM: 'a@rollcall.example' });
    expect(await mail(await startMailServer('220 mail.example ESMTP\r\n'))).toEqual([
      expect.stringMatching(/^ok: .* greets/),
    ]);
    expect(await mail(await startMailServer('HTTP/1.1 400 Bad Request\r\n'))).toEqual([
      expect.stringMatching(/^fail: .*does not greet/),
    ]);
    expect(await mail(await freePort())).toEqual([expect.stringMatching(/^fail: .*ECONNREFUSED/)]);
  });

  it('are tried to the hosts of endpoints, of which those that cannot be reached are named', async () => {
    const { environmentId } = await buildDirectory(database.ownerUrl);
    const [reached, away] = [await startMailServer(''), await freePort()];
    await asOwner(database.ownerUrl, async (owner) => {
      for (const port of [reached, away])
        await buildEndpoint(owner, { environmentId }, { url: `http://127.0.0.1:${port}/hooks` });
    });
    const env = { DATABASE_OWNER_URL: database.ownerUrl, ALLOW_PRIVATE_WEBHOOK_TARGETS: 'true' };
    expect(await findingsOf('outbound', env)).toEqual([
      expect.stringContaining(`warn: 127.0.0.1:${away}: The host refused`),
    ]);
    expect(await findingsOf('outbound', { DATABASE_OWNER_URL: database.ownerUrl })).toEqual([
      expect.stringMatching(/^warn: .*must begin with https/),
      expect.stringMatching(/^warn: .*must begin with https/),
    ]);
  });
});
