import { randomBytes } from 'node:crypto';
import { createLogger, createSealer } from '@rollcall/platform';
import { createTestDatabase, waitUntil } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { buildDirectory } from '@rollcall/test-builders';
import type { BuiltDirectory } from '@rollcall/test-builders';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDataSource, migrateDatabase, tenantTransaction } from '@rollcall/database';
import type { DataSource } from '@rollcall/database';
import { asOperator } from '../audit/record-change';
import { composeMail } from '../mail/compose-mail';
import { writeRefusals } from '../directories/write-refusals';
import { readMailbox } from '../mail/list-mails';
import { writeMail } from '../mail/write-mail';
import { issueDirectorySecret } from '../secrets/issue-directory-secret';
import { alertContacts } from './alert-contacts';
import type { AlertTools } from './alert-contacts';
import { createContact } from './create-contact';
import { listContacts } from './find-contact';
import { unsubscribe, unsubscribeToken } from './unsubscribe';
import { deleteContact, updateContact } from './update-contact';

const sealer = createSealer({ secretKey: randomBytes(32) });
const tools: AlertTools = {
  sealer,
  settings: { transport: 'mailbox', from: 'rollcall@localhost' },
  unsubscribeKeys: [randomBytes(32)],
  publicUrl: 'https://rollcall.test',
  logger: createLogger('test', { level: 'fatal' }),
};

const ANY = composeMail({ subject: 'Hello', paragraphs: ['Hello'], footer: ['Why'] });

let database: TestDatabase;
let app: DataSource;
let directory: BuiltDirectory;

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  app = await createDataSource({ url: database.appUrl, poolSize: 4 }).initialize();
});

afterAll(async () => {
  await app.destroy();
  await database.drop();
});

beforeEach(async () => {
  directory = await buildDirectory(database.ownerUrl);
  await query('UPDATE organizations SET dir_sync_enabled = true WHERE id = $1', [directory.organizationId]);
});

function query<Row>(text: string, params: unknown[]): Promise<Row[]> {
  return tenantTransaction(app, directory, (manager) => manager.query<Row[]>(text, params));
}

/** A token made long ago that ends in so long, the one in use. */
async function seedSecret(endsIn: string): Promise<void> {
  const hasher = { hashGenerated: () => 'hash of it' };
  const { secret } = await issueDirectorySecret(asOperator(app), hasher, directory, { name: 'Okta' });
  await query(
    `UPDATE directory_secrets SET create_time = now() - interval '1 year', expire_time = now() + $2::interval,
       last_used_time = now() WHERE id = $1`,
    [secret.id, endsIn],
  );
}

let people = 0;
async function addContact(email = `it${people++}@acme.test`): Promise<string> {
  await createContact(asOperator(app), directory, { email, name: '' });
  return email;
}

async function mailsTo(address: string): Promise<{ subject: string; text: string }[]> {
  return (await readMailbox(app, sealer, 100)).filter(({ to }) => to === address);
}

/** Brings the directory into a state of long standing. */
async function settle(state: { endsIn: string | null; isRefused: boolean; lastUsed: string | null }): Promise<void> {
  const { environmentId, directoryId, organizationId } = directory;
  await query(
    `UPDATE directory_secrets SET create_time = now() - interval '1 year', expire_time = now() + $3::interval,
       last_used_time = now() - $4::interval WHERE environment_id = $1 AND directory_id = $2`,
    [environmentId, directoryId, state.endsIn, state.lastUsed],
  );
  if (state.isRefused) {
    const [firstTime, lastTime] = [new Date(Date.now() - 7_200_000), new Date()];
    const refusal = { reason: 'too_many_attempts', status: 401, scimType: null, isToken: true, count: 1 } as const;
    await writeRefusals(app, [
      { ...refusal, firstTime, lastTime, directoryId },
      { ...refusal, reason: 'expired', firstTime, lastTime: firstTime, directoryId },
    ]);
  }
  await query('UPDATE directories SET enabled_changed_time = NULL WHERE id = $1', [directoryId]);
  await query('UPDATE organizations SET dir_sync_changed_time = NULL WHERE id = $1', [organizationId]);
}

function kindOf(subject: string): string {
  const kinds = { refused: / is refused$/, stalled: /^Nothing arrives/, no_active_token: /no token any more$/ };
  const found = Object.entries(kinds).find(([, pattern]) => pattern.test(subject));
  return found?.[0] ?? (/^The token of .* ends on /.test(subject) ? 'token_expiring' : subject);
}

const daysPass = (days: number) =>
  query(`UPDATE contact_alerts SET sent_time = sent_time - $2::integer * interval '1 day' WHERE directory_id = $1`, [
    directory.directoryId,
    days,
  ]);

const quarterPasses = () =>
  query(
    `UPDATE contact_alerts SET sent_time = sent_time - interval '15 minutes',
       put_off_until = put_off_until - interval '15 minutes' WHERE directory_id = $1`,
    [directory.directoryId],
  );

/** Its deprovision guard holds users since so long. */
async function hold(ago: string): Promise<void> {
  await query(
    `UPDATE directory_counters SET deprovisioning = jsonb_build_object('windowId', '1',
       'hold', jsonb_build_object('id', '1', 'since', now() - $2::interval),
       'counts', jsonb_build_object('held', 3, 'deciding', 0, 'discarded', 0)) WHERE directory_id = $1`,
    [directory.directoryId, ago],
  );
}

/** Changes the database as nothing of ours would. */
async function runAsOwner(statement: string): Promise<void> {
  const owner = await createDataSource({ url: database.ownerUrl, poolSize: 1 }).initialize();
  try {
    await owner.query(statement);
  } finally {
    await owner.destroy();
  }
}

describe('contacts', () => {
  it('are told of a token that ends, once by several workers together, and again days later', async () => {
    const [ann, bob] = [await addContact(), await addContact()];
    await seedSecret('10 days');
    await Promise.all([alertContacts(app, tools), alertContacts(app, tools)]);
    await alertContacts(app, tools);
    for (const address of [ann, bob]) {
      const [mail, ...more] = await mailsTo(address);
      expect(more).toEqual([]);
      expect(mail?.subject).toMatch(/^The token of .* ends on /);
      expect(mail?.text).toContain('https://rollcall.test/portal/unsubscribe#');
    }
    await daysPass(3);
    await alertContacts(app, tools);
    expect(await mailsTo(ann)).toHaveLength(1);
    await daysPass(3);
    await alertContacts(app, tools);
    expect(await mailsTo(ann)).toHaveLength(2);
  });

  it('are told each day when the end is near', async () => {
    const ann = await addContact();
    await seedSecret('30 hours');
    await alertContacts(app, tools);
    await daysPass(1);
    await alertContacts(app, tools);
    expect(await mailsTo(ann)).toHaveLength(2);
  });

  it('are told of users whose deprovisioning is held', async () => {
    const ann = await addContact();
    await hold('1 minute');
    await alertContacts(app, tools);
    expect((await mailsTo(ann))[0]?.subject).toMatch(/3 users waiting to lose access$/);
  });

  it('are told of the next users who are held on the same day, an hour after the first at the earliest', async () => {
    const ann = await addContact();
    const hourPasses = () =>
      query(`UPDATE contact_alerts SET sent_time = sent_time - interval '1 hour' WHERE directory_id = $1`, [
        directory.directoryId,
      ]);
    await hold('1 minute');
    await alertContacts(app, tools);
    await hold('0 minutes');
    await alertContacts(app, tools);
    expect(await mailsTo(ann)).toHaveLength(1);
    await hourPasses();
    await alertContacts(app, tools);
    expect(await mailsTo(ann)).toHaveLength(2);
    await hourPasses();
    await hold('61 minutes');
    await alertContacts(app, tools);
    expect(await mailsTo(ann)).toHaveLength(2);
  });

  it('are told of a failure that is another one than they were told of, a day after that at the earliest', async () => {
    const ann = await addContact();
    await seedSecret('10 days');
    const end = (ago: string) =>
      query('UPDATE directory_secrets SET revoked_time = now() - $2::interval WHERE directory_id = $1', [
        directory.directoryId,
        ago,
      ]);
    await end('3 hours');
    await alertContacts(app, tools);
    await end('2 hours');
    await alertContacts(app, tools);
    expect((await mailsTo(ann)).map(({ subject }) => kindOf(subject))).toEqual(['no_active_token']);
    await daysPass(1);
    await alertContacts(app, tools);
    expect(await mailsTo(ann)).toHaveLength(2);
    await daysPass(2);
    await end('3 days');
    await alertContacts(app, tools);
    expect(await mailsTo(ann)).toHaveLength(2);
  });

  it('are told of requests that are refused for an hour, of silence, and of a directory without a token', async () => {
    const ann = await addContact();
    const subjects = async () => {
      await alertContacts(app, tools);
      return (await mailsTo(ann)).map(({ subject }) => subject);
    };
    const set = (table: string, column: string, ago: string) =>
      query(`UPDATE ${table} SET ${column} = now() - $2::interval WHERE environment_id = $1`, [
        directory.environmentId,
        ago,
      ]);
    const refuse = (minutesAgo: number) => {
      const time = new Date(Date.now() - minutesAgo * 60_000);
      const times = { firstTime: time, lastTime: time };
      const refusal = { reason: 'invalid_token', status: 401, scimType: null, isToken: true, count: 1 } as const;
      return writeRefusals(app, [{ ...refusal, ...times, directoryId: directory.directoryId }]);
    };
    await refuse(61);
    await set('directories', 'refused_since', '61 minutes');
    expect(await subjects()).toEqual([]);
    await refuse(59);
    await set('directories', 'refused_since', '59 minutes');
    expect(await subjects()).toEqual([]);
    await set('directories', 'refused_since', '61 minutes');
    expect(await subjects()).toEqual(['Okta: Okta is refused']);
    const { environmentId } = directory;
    await query('UPDATE directories SET refused_since = NULL, enabled_changed_time = NULL WHERE environment_id = $1', [
      environmentId,
    ]);
    await query('UPDATE organizations SET dir_sync_changed_time = NULL WHERE environment_id = $1', [environmentId]);
    await set('directory_secrets', 'last_used_time', '30 days');
    expect(await subjects()).toHaveLength(1);
    await set('directory_secrets', 'last_used_time', '31 days');
    expect((await subjects())[0]).toBe('Nothing arrives from Okta');
    await set('directory_secrets', 'revoked_time', '2 hours');
    expect((await subjects())[0]).toBe('Okta has no token any more');
    expect(await subjects()).toHaveLength(3);
  });

  it('are told by the same facts as the health that everybody is shown, of whichever directory that is', async () => {
    const { environmentId } = directory;
    const ends = { soon: '10 days', late: '20 days', past: '-2 hours', never: null };
    const told: Record<string, string[]> = {};
    for (const [name, endsIn] of Object.entries(ends)) {
      for (const isRefused of [false, true]) {
        for (const lastUsed of [null, '1 hour', '31 days']) {
          directory = await buildDirectory(database.ownerUrl, { environmentId });
          const ann = await addContact();
          await settle({ endsIn, isRefused, lastUsed });
          await alertContacts(app, tools);
          told[`${name} ${isRefused} ${lastUsed}`] = (await mailsTo(ann)).map(({ subject }) => kindOf(subject));
        }
      }
    }
    const expected = (end: string, refused: string, silent: string) => ({
      [`${end} false null`]: [],
      [`${end} false 1 hour`]: [],
      [`${end} false 31 days`]: [silent],
      [`${end} true null`]: [refused],
      [`${end} true 1 hour`]: [refused],
      [`${end} true 31 days`]: [refused],
    });
    expect(told).toEqual({
      ...expected('soon', 'refused', 'stalled'),
      'soon false null': ['token_expiring'],
      'soon false 1 hour': ['token_expiring'],
      ...expected('late', 'refused', 'stalled'),
      ...expected('never', 'refused', 'stalled'),
      ...Object.fromEntries(
        Object.keys(told).flatMap((key) => (key.startsWith('past') ? [[key, ['no_active_token']]] : [])),
      ),
    });
  });

  it('are told nothing of a token that is far from its end or was replaced, nor where Directory Sync is off', async () => {
    const ann = await addContact();
    await seedSecret('20 days');
    await seedSecret('5 days');
    await query('UPDATE directory_secrets SET replaced_time = now() WHERE expire_time < now() + $1::interval', [
      '6 days',
    ]);
    await alertContacts(app, tools);
    await query('UPDATE directory_secrets SET replaced_time = NULL WHERE directory_id = $1', [directory.directoryId]);
    await query('UPDATE organizations SET dir_sync_enabled = false WHERE id = $1', [directory.organizationId]);
    await alertContacts(app, tools);
    expect(await mailsTo(ann)).toEqual([]);
  });

  it('get no more mails once they have unsubscribed, with the link of any mail, twice as well as once', async () => {
    const [ann, bob] = [await addContact(), await addContact()];
    await seedSecret('10 days');
    await alertContacts(app, tools);
    const token = /unsubscribe#(\S+)/.exec((await mailsTo(ann))[0]?.text ?? '')?.[1] ?? '';
    const origin = { ipAddress: null, requestId: null };
    expect(await unsubscribe(app, tools.unsubscribeKeys, token, origin)).toEqual({ email: ann });
    await unsubscribe(app, tools.unsubscribeKeys, token, origin);
    await daysPass(7);
    await alertContacts(app, tools);
    expect(await mailsTo(ann)).toEqual([]);
    expect(await mailsTo(bob)).toHaveLength(2);
    const contacts = await listContacts(app, directory);
    expect(contacts.map(({ unsubscribeTime }) => unsubscribeTime === null)).toEqual([false, true]);
  });

  it('are told soon after when every address had got its share of mails', async () => {
    const ann = await addContact();
    await hold('1 minute');
    await tenantTransaction(app, directory, async (manager) => {
      const { environmentId } = directory;
      const mail = { environmentId, organizationId: null, kind: 'test' as const, to: ann, text: ANY, expiresIn: 60 };
      for (let i = 0; i < 20; i += 1) await writeMail(manager, tools, mail);
    });
    expect(await alertContacts(app, tools)).toBe(0);
    await query(`UPDATE mails SET create_time = now() - interval '1 hour' WHERE environment_id = $1`, [
      directory.environmentId,
    ]);
    expect(await alertContacts(app, tools)).toBe(0);
    await quarterPasses();
    expect(await alertContacts(app, tools)).toBe(1);
    expect(await mailsTo(ann)).toHaveLength(21);
  });

  it('are told though the mail of another organization cannot be written, which is tried again later', async () => {
    const ann = await addContact();
    await seedSecret('10 days');
    directory = await buildDirectory(database.ownerUrl);
    await query('UPDATE organizations SET dir_sync_enabled = true WHERE id = $1', [directory.organizationId]);
    const bob = await addContact();
    await seedSecret('10 days');
    await query('UPDATE contacts SET email = repeat(email, 10000) WHERE environment_id = $1', [
      directory.environmentId,
    ]);
    await alertContacts(app, tools);
    expect(await mailsTo(ann)).toHaveLength(1);
    await query('UPDATE contacts SET email = email_key WHERE environment_id = $1', [directory.environmentId]);
    await alertContacts(app, tools);
    expect(await mailsTo(bob)).toEqual([]);
    await quarterPasses();
    await alertContacts(app, tools);
    expect(await mailsTo(bob)).toHaveLength(1);
  });

  it('are told though nothing of another environment can be read, whichever comes first', async () => {
    const told: string[] = [];
    for (const isBroken of [false, true, false]) {
      directory = await buildDirectory(database.ownerUrl);
      await query('UPDATE organizations SET dir_sync_enabled = true WHERE id = $1', [directory.organizationId]);
      await seedSecret('10 days');
      const ann = await addContact();
      // A time that no date can be.
      if (isBroken)
        await query(`UPDATE directories SET enabled_changed_time = 'infinity' WHERE id = $1`, [directory.directoryId]);
      else told.push(ann);
    }
    await alertContacts(app, tools);
    for (const ann of told) expect(await mailsTo(ann)).toHaveLength(1);
  });

  it('are told though of another directory not even can be noted that it is put off', async () => {
    const told: string[] = [];
    for (const isBroken of [false, true, false]) {
      directory = await buildDirectory(database.ownerUrl);
      await query('UPDATE organizations SET dir_sync_enabled = true WHERE id = $1', [directory.organizationId]);
      await seedSecret('10 days');
      const ann = await addContact();
      const check = `CHECK (directory_id <> '${directory.directoryId}')`;
      if (isBroken) await runAsOwner(`ALTER TABLE contact_alerts ADD CONSTRAINT no_alert_of_it ${check}`);
      else told.push(ann);
    }
    await alertContacts(app, tools);
    for (const ann of told) expect(await mailsTo(ann)).toHaveLength(1);
    await runAsOwner('ALTER TABLE contact_alerts DROP CONSTRAINT no_alert_of_it');
  });

  it('are told nothing where no mails are sent, and are told when they are', async () => {
    const ann = await addContact();
    await seedSecret('10 days');
    await alertContacts(app, { ...tools, settings: { transport: 'none' } });
    expect(await mailsTo(ann)).toEqual([]);
    await alertContacts(app, tools);
    expect(await mailsTo(ann)).toHaveLength(1);
  });
});

it.each(['removed', 'unsubscribed', 'given another address'])(
  'a contact who is %s gets nothing more of what was not sent yet, and its address does not wait with it',
  async (what) => {
    const [ann, bob] = [await addContact(), await addContact()];
    await seedSecret('10 days');
    await alertContacts(app, tools);
    const contact = (await listContacts(app, directory)).find(({ email }) => email === ann);
    const scope = { ...directory, contactId: contact?.id ?? '' };
    const token = unsubscribeToken(tools.unsubscribeKeys, {
      environmentId: directory.environmentId,
      id: scope.contactId,
    });
    if (what === 'removed') await deleteContact(asOperator(app), scope);
    else if (what === 'unsubscribed') {
      await unsubscribe(app, tools.unsubscribeKeys, token, { ipAddress: null, requestId: null });
    } else await updateContact(asOperator(app), scope, { email: `new-${ann}` });
    expect(await mailsTo(ann)).toEqual([]);
    expect(await mailsTo(bob)).toHaveLength(1);
  },
);

it('a contact who is removed gets nothing of what was not sent yet in whatever form the address was written', async () => {
  const ann = await addContact('Rene\u0301@acme.test');
  await seedSecret('10 days');
  await alertContacts(app, tools);
  expect(await mailsTo(ann)).toHaveLength(1);
  const [contact] = await listContacts(app, directory);
  await deleteContact(asOperator(app), { ...directory, contactId: contact?.id ?? '' });
  expect(await mailsTo(ann)).toEqual([]);
});

it('a contact who is removed while the mails are written gets none', async () => {
  const ann = await addContact();
  await seedSecret('10 days');
  const [contact] = await listContacts(app, directory);
  const isWaiting = async (lock: string) =>
    (await app.query<unknown[]>('SELECT 1 FROM pg_locks WHERE NOT granted AND locktype = $1', [lock])).length > 0;
  let writing: Promise<unknown> = Promise.resolve();
  let removal: Promise<void> = Promise.resolve();
  await tenantTransaction(app, directory, async (manager) => {
    // Whoever writes a mail of this environment waits, with the contacts read.
    await manager.query(`SELECT pg_advisory_xact_lock(hashtextextended('mail/environment/' || $1, 0))`, [
      directory.environmentId,
    ]);
    writing = alertContacts(app, tools);
    await waitUntil(() => isWaiting('advisory'), { what: 'the mail' });
    let isRemoved = false;
    removal = deleteContact(asOperator(app), { ...directory, contactId: contact?.id ?? '' }).finally(
      () => (isRemoved = true),
    );
    await waitUntil(async () => isRemoved || (await isWaiting('transactionid')), { what: 'the removal' });
  });
  await Promise.all([writing, removal]);
  expect(await mailsTo(ann)).toEqual([]);
});

describe('somebody who has unsubscribed', () => {
  it('stays so whoever adds the address again, or gives it to another contact, in this organization alone', async () => {
    const ann = await addContact();
    const bob = await addContact();
    const origin = { ipAddress: null, requestId: null };
    const find = async (email: string) =>
      (await listContacts(app, directory)).find((contact) => contact.email === email);
    const scopeOf = async (email: string) => ({ ...directory, contactId: (await find(email))?.id ?? '' });
    const { contactId: id } = await scopeOf(ann);
    const token = unsubscribeToken(tools.unsubscribeKeys, { environmentId: directory.environmentId, id });
    await unsubscribe(app, tools.unsubscribeKeys, token, origin);
    const since = (await find(ann))?.unsubscribeTime;
    expect(since).toBeInstanceOf(Date);
    await deleteContact(asOperator(app), await scopeOf(ann));
    const again = await createContact(asOperator(app), directory, { email: ann.toUpperCase(), name: '' });
    expect(again.unsubscribeTime).toEqual(since);
    await updateContact(asOperator(app), { ...directory, contactId: again.id }, { email: 'other@acme.test' });
    expect((await find('other@acme.test'))?.unsubscribeTime).toBeNull();
    await updateContact(asOperator(app), await scopeOf(bob), { email: ann });
    expect((await find(ann))?.unsubscribeTime).toEqual(since);
    directory = await buildDirectory(database.ownerUrl);
    expect((await createContact(asOperator(app), directory, { email: ann, name: '' })).unsubscribeTime).toBeNull();
  });
});

describe('an organization', () => {
  it('has twenty contacts at most, each address once', async () => {
    const add = (email: string) => createContact(asOperator(app), directory, { email, name: '' });
    await add('Ann@acme.test');
    await expect(add('ann@ACME.test')).rejects.toMatchObject({ code: 'contact_exists' });
    await add('ren\u00e9@acme.test');
    await expect(add('Rene\u0301@acme.test')).rejects.toMatchObject({ code: 'contact_exists' });
    const added = await Promise.allSettled(Array.from({ length: 25 }, (_, i) => add(`p${i}@acme.test`)));
    expect(added.filter(({ status }) => status === 'fulfilled')).toHaveLength(18);
    await expect(add('late@acme.test')).rejects.toMatchObject({ code: 'too_many_contacts' });
  });
});
