import { publicId } from '@rollcall/platform';
import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDataSource, migrateDatabase, tenantTransaction } from '@rollcall/database';
import type { DataSource, DirectorySecret } from '@rollcall/database';
import { asOperator, issueDirectorySecret } from '@rollcall/management';
import { buildDirectory, buildEndpoint } from '@rollcall/test-builders';
import type { BuiltDirectory } from '@rollcall/test-builders';
import { announceExpiringSecrets } from './announce-expiring-secrets';

let database: TestDatabase;
let app: DataSource;
let directory: BuiltDirectory;
let endpointId: string;

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
  ({ endpointId } = await buildEndpoint(app, directory, { eventTypes: ['secret.expiring'] }));
});

function query<Row>(text: string, params: unknown[]): Promise<Row[]> {
  return tenantTransaction(app, directory, (manager) => manager.query<Row[]>(text, params));
}

/** A token made so long ago that ends in so long; null = never. */
async function seedSecret(madeAgo: string, endsIn: string | null): Promise<DirectorySecret> {
  const hasher = { hashGenerated: () => 'hash of it' };
  const { secret } = await issueDirectorySecret(asOperator(app), hasher, directory, { name: 'Okta' });
  await query(
    'UPDATE directory_secrets SET create_time = now() - $2::interval, expire_time = now() + $3::interval WHERE id = $1',
    [secret.id, madeAgo, endsIn],
  );
  return secret;
}

async function warnings(): Promise<{ id: string; days: number }[]> {
  const rows = await query<{ body: string }>('SELECT body FROM deliveries WHERE endpoint_id = $1 ORDER BY id', [
    endpointId,
  ]);
  return rows.map(({ body }) => (JSON.parse(body) as { data: { id: string; days: number } }).data);
}

describe('a token that ends', () => {
  it('is announced 14, 7 and 1 days before, once each, by several workers together', async () => {
    const { id } = await seedSecret('1 year', '20 days');
    const sweepTwice = () => Promise.all([announceExpiringSecrets(app), announceExpiringSecrets(app)]);
    const days: number[][] = [];
    for (const left of ['15 days', '13 days', '8 days', '6 days', '25 hours', '23 hours', '1 hour']) {
      await query('UPDATE directory_secrets SET expire_time = now() + $2::interval WHERE id = $1', [id, left]);
      await sweepTwice();
      days.push((await warnings()).map((data) => data.days));
    }
    expect(days).toEqual([[], [14], [14], [14, 7], [14, 7], [14, 7, 1], [14, 7, 1]]);
  });

  it('is named by id, name and last characters, never by what it opens', async () => {
    const { id, secretSuffix } = await seedSecret('1 year', '10 days');
    expect(await announceExpiringSecrets(app)).toEqual([{ environmentId: directory.environmentId, endpointId }]);
    const [row] = await query<{ body: string }>('SELECT body FROM deliveries WHERE endpoint_id = $1', [endpointId]);
    expect(JSON.parse(row?.body ?? '')).toMatchObject({
      type: 'secret.expiring',
      object: 'DirectorySecret',
      organization_id: publicId('org', directory.organizationId),
      directory_id: publicId('dir', directory.directoryId),
      sequence: null,
      data: {
        id: publicId('sec', id),
        organization_id: publicId('org', directory.organizationId),
        directory_id: publicId('dir', directory.directoryId),
        secret_suffix: secretSuffix,
        name: 'Okta',
        expire_time: expect.any(String),
        days: 14,
      },
    });
    expect(row?.body).not.toContain('hash of it');
  });

  it('gives the nearest warning only when nobody looked for a long time', async () => {
    await seedSecret('1 year', '12 hours');
    await announceExpiringSecrets(app);
    expect((await warnings()).map(({ days }) => days)).toEqual([1]);
  });

  it.each([
    ['never ends', '1 year', null],
    ['has ended', '1 year', '-1 minute'],
    ['was made to live shorter than the warning', '1 minute', '12 hours'],
  ])('is not announced when it %s', async (_name, madeAgo, endsIn) => {
    await seedSecret(madeAgo, endsIn);
    await announceExpiringSecrets(app);
    expect(await warnings()).toEqual([]);
  });

  it('is not announced when it is revoked', async () => {
    const { id } = await seedSecret('1 year', '12 hours');
    await query('UPDATE directory_secrets SET revoked_time = now() WHERE id = $1', [id]);
    await announceExpiringSecrets(app);
    expect(await warnings()).toEqual([]);
  });
});

it('finds tokens that end by an index, not by reading all of them', async () => {
  await query(
    `INSERT INTO directory_secrets (environment_id, directory_id, id, secret_hash, secret_suffix, expire_time)
     SELECT $1, $2, 'bulk' || n, '', '', now() + n * interval '1 day' FROM generate_series(100, 5000) n`,
    [directory.environmentId, directory.directoryId],
  );
  const owner = await createDataSource({ url: database.ownerUrl, everyTenant: true, poolSize: 1 }).initialize();
  await owner.query('ANALYZE directory_secrets');
  const plan = await owner.query<{ 'QUERY PLAN': string }[]>(
    `EXPLAIN SELECT id FROM directory_secrets
     WHERE revoked_time IS NULL AND expire_time > now() AND expire_time <= now() + interval '14 days'`,
  );
  await owner.destroy();
  expect(JSON.stringify(plan)).toContain('directory_secrets_expiring');
});
