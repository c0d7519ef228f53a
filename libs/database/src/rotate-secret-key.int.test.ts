import { randomBytes } from 'node:crypto';
import { createSealer, newId, SEALED_COLUMNS, sealedPrefix } from '@rollcall/platform';
import type { SealedColumn } from '@rollcall/platform';
import { buildSignedEndpoint } from '@rollcall/test-builders';
import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bootstrapDatabase, checkSecretKey } from './bootstrap-database';
import { createDataSource } from './connect-database';
import type { DataSource } from './connect-database';
import { migrateDatabase } from './migrate-database';
import { rotateSecretKey } from './rotate-secret-key';

const [oldKey, newKey] = [randomBytes(32), randomBytes(32)];
const keys = { secretKey: newKey, previousSecretKeys: [oldKey] };

let database: TestDatabase;
let owner: DataSource;
let environmentId: string;

beforeEach(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  owner = await createDataSource({ url: database.ownerUrl, everyTenant: true, poolSize: 1 }).initialize();
  const made = await bootstrapDatabase({ ownerUrl: database.ownerUrl, keys: { secretKey: oldKey } });
  environmentId = made?.credentials.environment_id.slice(4) ?? '';
});

afterEach(async () => {
  await owner.destroy();
  await database.drop();
});

const rotate = (batchSize?: number) => rotateSecretKey({ ownerUrl: database.ownerUrl, keys, batchSize });

/** Endpoints whose secrets the old key sealed; returns their secrets by endpoint. */
async function sealSecrets(count: number, secretKey = oldKey): Promise<Map<string, string>> {
  const secrets = new Map<string, string>();
  for (let i = 0; i < count; i += 1) {
    const { key, secret } = await buildSignedEndpoint(owner, { environmentId }, { secretKey });
    secrets.set(key.endpointId, secret);
  }
  return secrets;
}

/** A member with an authenticator app, and the single sign-on of the environment. */
async function sealOfMembers(): Promise<void> {
  const sealer = createSealer({ secretKey: oldKey });
  await owner.query(`INSERT INTO members (id, email, email_key, name) VALUES ('m', 'a@b.c', 'a@b.c', 'Ann')`);
  await owner.query(`INSERT INTO member_credentials (member_id, sealed_totp_secret) VALUES ('m', $1)`, [
    sealer.seal('totp', 'totpSecret', 'm'),
  ]);
  await owner.query(
    `INSERT INTO single_sign_on (environment_id, name, issuer, client_id, sealed_client_secret, allowed_domains)
     VALUES ($1, 'Okta', 'https://idp.test', 'c', $2, '{b.c}')`,
    [environmentId, sealer.seal('secret', 'singleSignOnSecret', environmentId)],
  );
}

async function openedWith(secretKey: Buffer): Promise<Map<string, string>> {
  const rows = await owner.query<{ id: string; sealed: string }[]>(
    'SELECT endpoint_id AS id, sealed_secret AS sealed FROM webhook_secrets',
  );
  const sealer = createSealer({ secretKey });
  return new Map(rows.map(({ id, sealed }) => [id, sealer.open(sealed, 'webhookSecret', id)]));
}

describe('a change of the secret key', () => {
  it('seals everything anew in batches, after which the newest key opens all and boots alone', async () => {
    const secrets = await sealSecrets(7);
    const done = await rotate(3);
    expect(done).toMatchObject({ keyId: createSealer(keys).keyId, rebound: true, resealed: { webhookSecret: 7 } });
    expect(await openedWith(newKey)).toEqual(secrets);
    await checkSecretKey(owner, { secretKey: newKey });
    await expect(checkSecretKey(owner, { secretKey: oldKey })).rejects.toMatchObject({ code: 'secret_key_mismatch' });
  });

  it('changes nothing a second time, and finishes what was cut off', async () => {
    const secrets = new Map([...(await sealSecrets(3)), ...(await sealSecrets(2, newKey))]);
    expect((await rotate()).resealed.webhookSecret).toBe(3);
    const stored = await owner.query('SELECT sealed_secret FROM webhook_secrets ORDER BY id');
    expect(await rotate()).toMatchObject({ rebound: false, resealed: { webhookSecret: 0 } });
    expect(await owner.query('SELECT sealed_secret FROM webhook_secrets ORDER BY id')).toEqual(stored);
    expect(await openedWith(newKey)).toEqual(secrets);
  });

  it('is refused with none of the keys that the database is bound to', async () => {
    const stranger = rotateSecretKey({ ownerUrl: database.ownerUrl, keys: { secretKey: randomBytes(32) } });
    await expect(stranger).rejects.toMatchObject({ code: 'secret_key_mismatch' });
  });

  it('keeps the database bound to the previous key while a value opens with none, and names it', async () => {
    const secrets = await sealSecrets(2);
    const [lost] = await sealSecrets(1, randomBytes(32));
    await expect(rotate(1)).rejects.toMatchObject({
      code: 'unsealable',
      message: expect.stringContaining(lost?.[0] ?? ''),
    });
    await checkSecretKey(owner, { secretKey: oldKey });
    await owner.query('DELETE FROM webhook_secrets WHERE endpoint_id = $1', [lost?.[0]]);
    expect(await openedWith(newKey)).toEqual(secrets);
    expect(await rotate()).toMatchObject({ rebound: true, resealed: { webhookSecret: 0 } });
  });
});

it('is told to every environment, once', async () => {
  await sealSecrets(1);
  const { keyId } = await rotate();
  await rotate();
  const entries = await owner.query(
    'SELECT environment_id, actor_type, action, changes FROM audit_log WHERE action = $1',
    ['key.rotated'],
  );
  const changes = { key_id: { from: null, to: keyId } };
  expect(entries).toEqual([{ environment_id: environmentId, actor_type: 'operator', action: 'key.rotated', changes }]);
});

describe('the list of sealed columns', () => {
  it('has every column whose name says that it is sealed', async () => {
    const named = await owner.query<{ place: string }[]>(
      `SELECT table_name || '.' || column_name AS place FROM information_schema.columns
       WHERE table_schema = 'public' AND column_name LIKE '%sealed%' ORDER BY 1`,
    );
    const listed = Object.values(SEALED_COLUMNS).map(({ table, column }) => `${table}.${column}`);
    expect(named.map(({ place }) => place)).toEqual(listed.toSorted());
  });

  it('leaves nowhere in the database a value that the previous key sealed', async () => {
    await sealSecrets(1);
    await sealOfMembers();
    const sealer = createSealer({ secretKey: oldKey });
    const mailId = newId();
    await owner.query(
      `INSERT INTO mails (environment_id, id, kind, address_hash, sealed_message, expire_time)
       VALUES ($1, $2, 'test', '', $3, now()), ($1, $4, 'test', '', NULL, now())`,
      [environmentId, mailId, sealer.seal('text', 'mail', mailId), newId()],
    );
    await owner.query(
      `INSERT INTO idempotency_keys (environment_id, key_hash, request_hash, claim, claimed_until, sealed_answer)
       VALUES ($1, 'key', 'request', 'claim', now(), $2)`,
      [environmentId, sealer.seal('{}', 'idempotentAnswer', 'key')],
    );
    for (const column of Object.keys(SEALED_COLUMNS) as SealedColumn[]) {
      expect(await countSealed(SEALED_COLUMNS[column].table, sealer.keyId), column).toBeGreaterThan(0);
    }
    await rotate();
    const tables = await owner.query<{ name: string }[]>(
      `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')`,
    );
    for (const { name } of tables) expect(await countSealed(name, sealer.keyId), name).toBe(0);
  });
});

/** Rows with a value, in whichever column, that a key sealed. */
async function countSealed(table: string, keyId: string): Promise<number> {
  const [row] = await owner.query<{ found: string }[]>(
    `SELECT count(*) AS found FROM ${table} t WHERE to_jsonb(t)::text LIKE '%' || $1 || '%'`,
    [sealedPrefix(keyId)],
  );
  return Number(row?.found);
}
