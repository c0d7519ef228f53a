import { createTestDatabase, newSecretKey } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { asOwner, bootstrapDatabase, migrateDatabase } from '@rollcall/database';
import { setLimits } from './set-limits';
import type { LimitValues } from './set-limits';

let database: TestDatabase;
const keys = { secretKey: Buffer.from(newSecretKey(), 'base64') };

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  await bootstrapDatabase({ ownerUrl: database.ownerUrl, keys });
});

afterAll(() => database.drop());

async function run(values: LimitValues): Promise<string> {
  const lines: string[] = [];
  await setLimits({ ownerUrl: database.ownerUrl, keys, values, say: (line) => void lines.push(line) });
  return lines.join('\n');
}

const stored = async () => JSON.parse(await run({ json: true })) as { limits: object };

it('gives an environment limits of its own, which the audit log tells, and takes them away', async () => {
  expect(await run({})).toMatch(/^Limits of env_\w{26}:\n {2}requests_per_second +as the processes are told\n/);
  expect(await run({ 'requests-per-second': '400' })).toMatch(/within half a minute:\n {2}requests_per_second +400\n/);
  await run({ 'burst-seconds': '60' });
  expect((await stored()).limits).toEqual({ requests_per_second: 400, burst_seconds: 60 });
  await run({ reset: true });
  await run({ reset: true });
  expect((await stored()).limits).toEqual({});
  const entries = await asOwner(database.ownerUrl, (owner) =>
    owner.query<{ actor_type: string; changes: object }[]>(
      `SELECT actor_type, changes FROM audit_log WHERE action = 'environment_limits.updated' ORDER BY id`,
    ),
  );
  expect(entries).toEqual([
    { actor_type: 'operator', changes: { requests_per_second: { from: null, to: 400 } } },
    { actor_type: 'operator', changes: { burst_seconds: { from: null, to: 60 } } },
    {
      actor_type: 'operator',
      changes: { requests_per_second: { from: 400, to: null }, burst_seconds: { from: 60, to: null } },
    },
  ]);
});

it.each<[LimitValues, string]>([
  [{ 'requests-per-second': '49' }, '--requests-per-second must be a whole number from 50 to 999999.'],
  [{ 'rows-per-minute': '1e6' }, '--rows-per-minute must be a whole number from 100000 to 999999.'],
  [{ reset: true, 'burst-seconds': '5' }, 'Give limits or --reset, not both.'],
  [{ environment: 'org_x' }, '--environment must be an id that begins with env_.'],
])('refuses %j with one sentence', async (values, sentence) => {
  await expect(run(values)).rejects.toThrow(sentence);
});
