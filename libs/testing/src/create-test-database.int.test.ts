import { Client } from 'pg';
import { expect, it } from 'vitest';
import { createTestDatabase } from './create-test-database';

let migrations = 0;

async function migrate({ ownerUrl, appRole }: { ownerUrl: string; appRole: string }): Promise<void> {
  migrations += 1;
  await query(ownerUrl, `create table person (name text); grant select, insert on person to ${appRole}`);
}

it('gives every caller a fresh copy of a schema that is migrated once', async () => {
  const [first, second] = await Promise.all([createTestDatabase({ migrate }), createTestDatabase({ migrate })]);
  await query(first.appUrl, `insert into person values ('Ada')`);
  expect(await query(first.appUrl, 'select name from person')).toEqual([{ name: 'Ada' }]);
  expect(await query(second.appUrl, 'select name from person')).toEqual([]);
  expect(migrations).toBe(1);
  await Promise.all([first.drop(), second.drop()]);
});

it('lets the runtime role do only what the migration granted', async () => {
  const database = await createTestDatabase({ migrate });
  await expect(query(database.appUrl, 'drop table person')).rejects.toMatchObject({ code: '42501' });
  await expect(query(database.appUrl, 'create table other ()')).rejects.toMatchObject({ code: '42501' });
  await database.drop();
});

it('drops a database that somebody is still connected to', async () => {
  const database = await createTestDatabase();
  const client = new Client(database.appUrl);
  client.on('error', () => undefined);
  await client.connect();
  await database.drop();
  await expect(query(database.appUrl, 'select 1')).rejects.toMatchObject({ code: '3D000' });
});

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new Client(url);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}
