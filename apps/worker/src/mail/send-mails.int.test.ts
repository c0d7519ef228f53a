import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createLogger, createSealer } from '@rollcall/platform';
import type { MailSettings, Sealer } from '@rollcall/platform';
import { createTestDatabase, waitUntil } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { SMTPServer } from 'smtp-server';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDataSource, migrateDatabase, tenantTransaction } from '@rollcall/database';
import type { DataSource } from '@rollcall/database';
import { composeMail, readMailbox, writeMail } from '@rollcall/management';
import { buildDirectory } from '@rollcall/test-builders';
import type { MailKind } from '@rollcall/contract';
import type { BuiltDirectory } from '@rollcall/test-builders';
import { createMailSender } from './create-mail-sender';
import type { MailSender } from './create-mail-sender';
import { sendMails } from './send-mails';

interface Received {
  from: string;
  to: string[];
  source: string;
}

const logger = createLogger('test', { level: 'error' });
const sealer = createSealer({ secretKey: randomBytes(32) });
const signal = new AbortController().signal;

let database: TestDatabase;
let app: DataSource;
let directory: BuiltDirectory;
let server: SMTPServer;
let settings: Extract<MailSettings, { transport: 'smtp' }>;
let sender: MailSender | null;
const received: Received[] = [];
const recipients = (): string[] => received.flatMap(({ to }) => to);
/** What the mail server says to a recipient; null: it takes the mail. */
let refusal: { code: number; text: string } | null = null;

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  app = await createDataSource({ url: database.appUrl, poolSize: 4 }).initialize();
  server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo: (_address, _session, callback) =>
      callback(refusal && Object.assign(new Error(refusal.text), { responseCode: refusal.code })),
    onData: (stream, { envelope }, callback) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const from = envelope.mailFrom ? envelope.mailFrom.address : '';
        const source = Buffer.concat(chunks).toString();
        received.push({ from, to: envelope.rcptTo.map(({ address }) => address), source });
        callback();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as { port: number };
  settings = { transport: 'smtp', url: `smtp://127.0.0.1:${port}`, from: 'Rollcall <rollcall@rollcall.test>' };
});

afterAll(async () => {
  await new Promise<void>((resolve) => server.close(() => resolve()));
  await app.destroy();
  await database.drop();
});

beforeEach(async () => {
  directory = await buildDirectory(database.ownerUrl);
  received.length = 0;
  refusal = null;
  sender = await createMailSender(settings);
});

afterEach(() => sender?.close());

const text = composeMail({ subject: 'Grüße', paragraphs: ['Hello'], footer: ['Why'] });

interface Written {
  given?: MailSettings;
  kind?: MailKind;
  expiresIn?: number;
  /** Who seals it. */
  by?: Sealer;
}

async function write(
  to: string,
  { given = settings, kind = 'test', expiresIn = 3_600, by = sealer }: Written = {},
): Promise<void> {
  const { environmentId, organizationId } = directory;
  await tenantTransaction(app, directory, (manager) =>
    writeMail(manager, { sealer: by, settings: given }, { environmentId, organizationId, kind, to, text, expiresIn }),
  );
}

async function send(by: MailSender | null = sender): Promise<void> {
  if (by) await sendMails({ dataSource: app, sealer, sender: by, logger }, signal);
}

const state = async () =>
  tenantTransaction(app, directory, (manager) =>
    manager.query<{ state: string; attempts: number; failure: string | null; has_text: boolean }[]>(
      `SELECT state, attempts, failure, sealed_message IS NOT NULL AS has_text FROM mails WHERE environment_id = $1 ORDER BY id`,
      [directory.environmentId],
    ),
  );

/** Makes what waits for a later attempt due now. */
const hurry = async () =>
  tenantTransaction(app, directory, (manager) =>
    manager.query(`UPDATE mails SET next_attempt_time = now() WHERE environment_id = $1`, [directory.environmentId]),
  );

describe('a mail', () => {
  it('arrives as text and HTML from the operator’s address, and its text is not kept', async () => {
    await write('ann@acme.test');
    await send();
    expect(received).toMatchObject([{ from: 'rollcall@rollcall.test', to: ['ann@acme.test'] }]);
    expect(received[0]?.source).toMatch(/Auto-Submitted: auto-generated/i);
    expect(received[0]?.source).toMatch(/Content-Type: text\/plain/);
    expect(received[0]?.source).toMatch(/Content-Type: text\/html/);
    expect(await state()).toEqual([{ state: 'sent', attempts: 1, failure: null, has_text: false }]);
  });

  it('is sent once by several workers together', async () => {
    for (const name of ['ann', 'bob', 'eve']) await write(`${name}@acme.test`);
    await Promise.all([send(), send(), send()]);
    expect(recipients().toSorted()).toEqual(['ann@acme.test', 'bob@acme.test', 'eve@acme.test']);
  });

  it('is tried again while the mail server will not take it now', async () => {
    await write('ann@acme.test');
    refusal = { code: 451, text: 'try again later, ann@acme.test' };
    await send();
    expect(await state()).toEqual([{ state: 'pending', attempts: 1, failure: 'SMTP 451', has_text: true }]);
    await send();
    expect(await state()).toMatchObject([{ attempts: 1 }]);
    refusal = null;
    await hurry();
    await send();
    expect(received).toHaveLength(1);
    expect(await state()).toMatchObject([{ state: 'sent', attempts: 2, has_text: false }]);
  });

  it('is given up when the mail server never takes it, and its text is not kept', async () => {
    await write('nobody@acme.test');
    refusal = { code: 550, text: 'no such mailbox' };
    await send();
    expect(await state()).toEqual([{ state: 'failed', attempts: 1, failure: 'SMTP 550', has_text: false }]);
  });

  it('waits while the mail server is away', async () => {
    await write('ann@acme.test');
    const away = await createMailSender({ ...settings, url: 'smtp://127.0.0.1:9' });
    await send(away);
    away?.close();
    expect(await state()).toMatchObject([{ state: 'pending', attempts: 1, has_text: true }]);
    await hurry();
    await send();
    expect(received).toHaveLength(1);
  });

  it('waits for a later attempt when the mail server goes on talking and never takes it', async () => {
    await write('ann@acme.test');
    const talking = createServer((socket) => {
      const timer = setInterval(() => socket.write('220-wait a moment\r\n'), 20);
      socket.on('error', () => clearInterval(timer)).on('close', () => clearInterval(timer));
    });
    await new Promise<void>((resolve) => talking.listen(0, '127.0.0.1', resolve));
    const { port } = talking.address() as AddressInfo;
    const held = await createMailSender({ ...settings, url: `smtp://127.0.0.1:${port}` }, 500);
    await send(held);
    held?.close();
    talking.close();
    expect(await state()).toEqual([{ state: 'pending', attempts: 1, failure: 'ETIMEDOUT', has_text: true }]);
    await hurry();
    await send();
    expect(recipients()).toEqual(['ann@acme.test']);
  });

  it('that cannot be read keeps no other waiting, and is given up after some attempts', async () => {
    await write('lost@acme.test', { by: createSealer({ secretKey: randomBytes(32) }) });
    await write('ann@acme.test');
    await send();
    expect(recipients()).toEqual(['ann@acme.test']);
    expect(await state()).toMatchObject([{ state: 'pending', failure: 'unreadable' }, { state: 'sent' }]);
    for (let attempt = 2; attempt <= 7; attempt += 1) {
      await hurry();
      await send();
    }
    expect((await state())[0]).toEqual({ state: 'failed', attempts: 7, failure: 'unreadable', has_text: false });
  });

  it('is not sent when nobody has a use for it any more', async () => {
    await write('ann@acme.test', { expiresIn: 0 });
    await send();
    expect(received).toEqual([]);
    expect(await state()).toMatchObject([{ state: 'failed', failure: 'expired', has_text: false }]);
  });

  it('of one environment does not keep those of another waiting', async () => {
    for (let i = 0; i < 12; i += 1) await write(`p${i}@acme.test`);
    directory = await buildDirectory(database.ownerUrl);
    await write('ann@globex.test');
    await send();
    expect(recipients()).toContain('ann@globex.test');
    await waitUntil(async () => (await send(), received.length === 13), { what: 'all mails arriving' });
  });
});

describe('the development mailbox', () => {
  const mailbox: MailSettings = { transport: 'mailbox', from: 'Rollcall <rollcall@localhost>' };

  it('keeps what would have been sent', async () => {
    await write('ann@acme.test', { given: mailbox });
    await send(await createMailSender(mailbox));
    expect(received).toEqual([]);
    const [newest] = await readMailbox(app, sealer, 1);
    expect(newest).toMatchObject({ to: 'ann@acme.test', subject: 'Grüße' });
  });
});

describe('the share', () => {
  const refused = { kind: 'rate_limited', code: 'too_many_mails' };
  const flood = async (to: string) => {
    for (let i = 0; i < 20; i += 1) await write(to);
  };

  it('of one address ends within the hour for the environment that writes to it, and leaves others theirs', async () => {
    await flood('Target@acme.test');
    await expect(write('target@acme.test')).rejects.toMatchObject(refused);
    await write('other@acme.test');
    directory = await buildDirectory(database.ownerUrl);
    await write('target@acme.test');
  });

  it('of one address ends too when many environments write to it, and codes have some left', async () => {
    for (let i = 0; i < 5; i += 1) {
      directory = await buildDirectory(database.ownerUrl);
      await flood('Victim@acme.test');
    }
    directory = await buildDirectory(database.ownerUrl);
    await expect(write('victim@acme.test')).rejects.toMatchObject(refused);
    const code = () => write('victim@acme.test', { kind: 'portal_code' });
    for (let i = 0; i < 30; i += 1) await code();
    await expect(code()).rejects.toMatchObject(refused);
  });

  it('of one organization ends too, also when all are written at once', async () => {
    const results = await Promise.allSettled(Array.from({ length: 70 }, (_, i) => write(`p${i}@acme.test`)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(60);
  });
});

it('is refused in words where no mails are sent', async () => {
  const refused = write('ann@acme.test', { given: { transport: 'none' } });
  await expect(refused).rejects.toMatchObject({ kind: 'refused', code: 'mail_not_configured' });
  expect(await createMailSender({ transport: 'none' })).toBeNull();
});
