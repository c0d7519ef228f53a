import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '@rollcall/platform';
import type { ObservedAttribute } from '@rollcall/scim';
import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { createPool, migrateDatabase } from '@rollcall/database';
import { NotAdmitted } from './admitted-calls';
import { callAs } from './call-as.test-support';
import type { ScimCaller } from './caller';
import { LEARNED_ATTRIBUTES_MAX, learnAttributes, listLearnedAttributes } from './learned-attributes';
import { buildDirectory } from '@rollcall/test-builders';

let database: TestDatabase;
let pool: Pool;

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  pool = createPool({ url: database.appUrl, onError: () => undefined });
});

afterAll(async () => {
  await pool.end();
  await database.drop();
});

const level: ObservedAttribute = {
  resourceType: 'User',
  schema: 'urn:Acme:2.0:User',
  path: 'Level',
  types: ['integer'],
  multiValued: false,
};

describe('learned attributes', () => {
  it('keep the first spelling, gather types, and become multi-valued for good, in whatever order they are seen', async () => {
    const sights: ObservedAttribute[] = [
      level,
      { ...level, path: 'LEVEL', schema: 'urn:acme:2.0:USER', types: ['string'] },
      { ...level, types: ['integer', 'boolean'], multiValued: true },
      level,
    ];
    for (const order of [sights, [level, ...sights.toReversed()]]) {
      const caller = await buildDirectory(database.adminUrl);
      for (const sight of order) {
        expect(await learnAttributes(pool, caller.directoryId, [sight])).toEqual({ isFull: false });
      }
      expect(await listLearnedAttributes(callAs(caller, pool))).toEqual([
        { ...level, types: ['boolean', 'integer', 'string'], multiValued: true },
      ]);
    }
  });

  it('are 500 at most, also when several processes learn at once; those there are still change', async () => {
    const caller = await buildDirectory(database.adminUrl);
    const batches = Array.from({ length: 8 }, (_, n) =>
      Array.from({ length: 100 }, (_, m) => ({ ...level, path: `a${n}x${m}` })),
    );
    await Promise.all(batches.map((batch) => learnAttributes(pool, caller.directoryId, batch)));
    const attributes = await listLearnedAttributes(callAs(caller, pool));
    expect(attributes).toHaveLength(LEARNED_ATTRIBUTES_MAX);
    const [first] = attributes;
    expect(await learnAttributes(pool, caller.directoryId, [{ ...first!, types: ['string'] }, level])).toEqual({
      isFull: true,
    });
    const after = await listLearnedAttributes(callAs(caller, pool));
    expect(after).toHaveLength(LEARNED_ATTRIBUTES_MAX);
    expect(after.find(({ path }) => path === first!.path)?.types).toEqual(['integer', 'string']);
  });

  it('are of one directory and shown to its own token alone', async () => {
    const [mine, other] = [await buildDirectory(database.adminUrl), await buildDirectory(database.adminUrl)];
    await learnAttributes(pool, mine.directoryId, [level]);
    expect(await listLearnedAttributes(callAs(other, pool))).toEqual([]);
    const stranger: ScimCaller = { ...mine, secretId: newId() };
    await expect(listLearnedAttributes(callAs(stranger, pool))).rejects.toThrow(new NotAdmitted('unknown'));
  });
});
