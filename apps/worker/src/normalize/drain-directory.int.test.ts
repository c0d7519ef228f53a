import { createLogger, createTurns } from '@rollcall/platform';
import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDataSource, migrateDatabase, tenantTransaction } from '@rollcall/database';
import type { DataSource } from '@rollcall/database';
import { asOperator, decideDeprovisioning, updateDirectory } from '@rollcall/management';
import { buildDirectory, buildEndpoint, createGroup, createUser } from '@rollcall/test-builders';
import { lockCounter } from '@rollcall/pipeline-store';
import { drainDirectory } from './drain-directory';

const turns = createTurns({ atOnce: 1, perOwner: 1 });
let database: TestDatabase;
let app: DataSource;

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  app = await createDataSource({ url: database.appUrl }).initialize();
});

afterAll(async () => {
  await app.destroy();
  await database.drop();
});

describe('drainDirectory', () => {
  it('gives users the roles of their groups and else the default, in the same event that tells their groups', async () => {
    const directory = await buildDirectory(database.ownerUrl);
    const users = [
      await createUser(app, directory, 'ada@acme.test'),
      await createUser(app, directory, 'cem@acme.test'),
    ];
    const groupId = await createGroup(app, directory, 'Staff', users.slice(0, 1));
    await tenantTransaction(app, directory, async (manager) => {
      const { environmentId, directoryId } = directory;
      await manager.query(
        `INSERT INTO roles (environment_id, role_name, role_key, display_name)
         VALUES ($1, 'member', 'member', 'Member'), ($1, 'viewer', 'viewer', 'Viewer')`,
        [environmentId],
      );
      await manager.query(`UPDATE environments SET default_member_role = 'viewer' WHERE id = $1`, [environmentId]);
      await manager.query('UPDATE directories SET role_assignments = $3 WHERE environment_id = $1 AND id = $2', [
        environmentId,
        directoryId,
        JSON.stringify([{ group_id: groupId, role_name: 'member' }]),
      ]);
    });
    const logger = createLogger('test', { level: 'error' });
    await drainDirectory({ dataSource: app, logger, turns, deliverEndpoint: () => undefined }, directory);
    const rows = await tenantTransaction(app, directory, (manager) =>
      manager.query<{ body: string }[]>(
        `SELECT body FROM events WHERE directory_id = $1 AND type LIKE '%.user_%' ORDER BY sequence`,
        [directory.directoryId],
      ),
    );
    const published = rows.map(
      ({ body }) => (JSON.parse(body) as { data: { groups: object[]; roles: object[] } }).data,
    );
    expect(published.map(({ groups, roles }) => [groups.length, roles])).toEqual([
      [0, [{ role_name: 'viewer' }]],
      [0, [{ role_name: 'viewer' }]],
      [1, [{ role_name: 'member' }]],
    ]);
  });

  it('calls managers by the name they are published with, in whatever batch that was, and others as they were sent', async () => {
    const directory = await buildDirectory(database.ownerUrl);
    const logger = createLogger('test', { level: 'error' });
    const drain = () => drainDirectory({ dataSource: app, logger, turns, deliverEndpoint: () => undefined }, directory);
    const report = (userName: string, manager: object) =>
      createUser(app, directory, userName, {
        'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': { manager },
      });
    const value = await createUser(app, directory, 'boss@acme.test', { displayName: 'Ada Boss' });
    await report('first@acme.test', { value });
    await drain();
    await report('later@acme.test', { value, displayName: 'Sent' });
    await report('other@acme.test', { value: 'ext-77', displayName: 'Outside Boss' });
    await drain();
    const rows = await tenantTransaction(app, directory, (manager) =>
      manager.query<{ name: string | null }[]>(
        `SELECT body::json #>> '{data,manager,display_name}' AS name FROM events
         WHERE directory_id = $1 AND type LIKE '%.user_created' ORDER BY sequence`,
        [directory.directoryId],
      ),
    );
    expect(rows.map(({ name }) => name)).toEqual([null, 'Ada Boss', 'Ada Boss', 'Outside Boss']);
  });

  it('leaves a directory to the worker that has it, and comes to it again when that one is gone', async () => {
    const directory = await buildDirectory(database.ownerUrl);
    await createUser(app, directory, 'ada@acme.test');
    const logger = createLogger('test', { level: 'error' });
    const drain = () => drainDirectory({ dataSource: app, logger, turns, deliverEndpoint: () => undefined }, directory);
    const sequence = () =>
      tenantTransaction(app, directory, async (manager) => {
        const [row] = await manager.query<{ last_sequence: string }[]>(
          'SELECT last_sequence FROM directory_counters WHERE directory_id = $1',
          [directory.directoryId],
        );
        return row?.last_sequence;
      });
    await tenantTransaction(app, directory, async (manager) => {
      await lockCounter(manager, directory.directoryId);
      await drain();
      expect(await sequence()).toBe('0');
    });
    await drain();
    expect(await sequence()).toBe('1');
  });

  it('holds a mass deletion, wakes the endpoint that asks to be notified, and publishes after a release', async () => {
    const directory = await buildDirectory(database.ownerUrl);
    const { directoryId } = directory;
    const users: string[] = [];
    for (let n = 0; n < 6; n++) users.push(await createUser(app, directory, `user-${n}@acme.test`));
    const { endpointId } = await buildEndpoint(app, directory, { eventTypes: ['directory.deprovisioning_held'] });
    const guard = { maxUsers: 2, maxPercent: null, windowSeconds: 3_600 };
    await updateDirectory(asOperator(app), directory, { deprovisionGuard: guard });
    const logger = createLogger('test', { level: 'error' });
    const hinted: string[] = [];
    const drain = () =>
      drainDirectory(
        { dataSource: app, logger, turns, deliverEndpoint: ({ endpointId }) => void hinted.push(endpointId) },
        directory,
      );
    await drain();
    expect(hinted).toEqual([]);
    for (const id of users) {
      await app.query('SELECT outcome FROM scim_remove_user($1, $2, $3, null, $4, 1)', [...directory.credentials, id]);
    }
    await drain();
    expect(hinted).toEqual([endpointId]);
    const published = () =>
      tenantTransaction(app, directory, async (manager) => {
        const rows = await manager.query<object[]>('SELECT 1 FROM published_users WHERE directory_id = $1', [
          directoryId,
        ]);
        return rows.length;
      });
    expect(await published()).toBe(4);
    await decideDeprovisioning(asOperator(app), directory, { action: 'release', userIds: null });
    await drain();
    expect(await published()).toBe(0);
    expect(hinted).toEqual([endpointId]);
  });
});
