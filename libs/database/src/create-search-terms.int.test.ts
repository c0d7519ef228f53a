import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { createDataSource } from './connect-database';
import type { DataSource } from './connect-database';
import { migrateDatabase } from './migrate-database';
import { CreateSearchTerms1790000001170 } from './migrations/1790000001170-create-search-terms';

let database: TestDatabase;
let owner: DataSource;

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  owner = await createDataSource({ url: database.ownerUrl, everyTenant: true, poolSize: 1 }).initialize();
});

afterAll(async () => {
  await owner.destroy();
  await database.drop();
});

const termsOf = async (id: string, kind: string) => {
  const rows = await owner.query<{ term: string }[]>(
    'SELECT term FROM search_terms WHERE id = $1 AND kind = $2 ORDER BY term',
    [id, kind],
  );
  return rows.map(({ term }) => term);
};

describe('what was published before there were terms', () => {
  it('gets those that it would get now', async () => {
    const user = {
      dp_id: '00uA1',
      preferred_username: 'Soren@Acme.example',
      name: 'Søren Østergård-Müller',
      given_name: 'Søren',
      family_name: null,
      email: 'soren@acme.example',
      emails: [{ value: 's.o@acme.example' }],
      roles: [{ role_name: 'Admin' }, { role_name: 'Member' }],
    };
    const runner = owner.createQueryRunner();
    await runner.startTransaction();
    const migration = new CreateSearchTerms1790000001170();
    await migration.down(runner);
    await runner.query(`INSERT INTO published_users (directory_id, id, sequence, data) VALUES ('d1', 'u1', 1, $1)`, [
      JSON.stringify(user),
    ]);
    await runner.query(`INSERT INTO published_groups (directory_id, id, sequence, data) VALUES ('d1', 'g1', 2, $1)`, [
      JSON.stringify({ display_name: 'Équipe Berlin/Design', external_id: '00gX' }),
    ]);
    await migration.up(runner);
    await runner.commitTransaction();
    await runner.release();

    expect(await termsOf('u1', 'user')).toEqual([
      '00ua1',
      'acme.example',
      'muller',
      'o',
      'ostergard',
      'ostergard-muller',
      's',
      's.o@acme.example',
      'soren',
      'soren@acme.example',
    ]);
    expect(await termsOf('u1', 'role')).toEqual(['Admin', 'Member']);
    expect(await termsOf('g1', 'group')).toEqual(['00gx', 'berlin', 'berlin/design', 'design', 'equipe']);
    const [keys] = await owner.query<object[]>(`SELECT name_key, email_key FROM published_users WHERE id = 'u1'`);
    expect(keys).toEqual({ name_key: 'soren ostergard-muller', email_key: 'soren@acme.example' });
  });
});
