import { createTestDatabase, newSecretKey, waitUntil } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { buildDirectory, buildEndpoint } from '@rollcall/test-builders';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bootstrapDatabase, createDataSource, migrateDatabase, TABLE_CLASSES } from '@rollcall/database';
import type { DataSource } from '@rollcall/database';
import { newId } from '@rollcall/platform';
import { asOperator } from '../audit/record-change';
import { updateWebhookEndpoint } from '../webhooks/update-webhook-endpoint';
import { copyConfiguration } from './copy-configuration';
import { keepConfiguration } from './keep-configuration';

/** A database as the application sees it, and as its owner does. */
interface Cell {
  database: TestDatabase;
  app: DataSource;
  owner: DataSource;
}

const keys = { secretKey: Buffer.from(newSecretKey(), 'base64') };
let control: Cell;
let b: Cell;
let environmentId: string;
const opened: Cell[] = [];

beforeAll(async () => {
  control = await openCell();
  b = await openCell();
  const made = await bootstrapDatabase({ ownerUrl: control.database.ownerUrl, keys });
  environmentId = made?.credentials.environment_id.slice(4) ?? '';
  await copyConfiguration(control.app, b.app);
});

afterAll(async () => {
  for (const { app, owner, database } of opened) {
    await Promise.all([app.destroy(), owner.destroy()]);
    await database.drop();
  }
});

async function openCell(): Promise<Cell> {
  const database = await createTestDatabase({ migrate: migrateDatabase });
  const app = createDataSource({ url: database.appUrl, poolSize: 4 });
  const owner = createDataSource({ url: database.ownerUrl, everyTenant: true, poolSize: 2 });
  await Promise.all([app.initialize(), owner.initialize()]);
  const cell = { database, app, owner };
  opened.push(cell);
  return cell;
}

/** Rows of every environment's owner that go to each cell, in the order in which they may be made. */
const COPIED = [
  'environments',
  'roles',
  'api_clients',
  'api_client_secrets',
  'webhook_endpoints',
  'webhook_secrets',
  'portal_settings',
  'portal_logos',
  'single_sign_on',
  'members',
  'member_roles',
  'member_sessions',
] as const;

/** Of the environment and of people, and of the cell alone in which they come to be, or whose organization they are of. */
const OF_ONE_CELL = [
  'audit_log',
  'idempotency_keys',
  'imported_ids',
  'mails',
  'member_credentials',
  'member_identities',
  'member_invitations',
  'member_passkeys',
  'member_recovery_codes',
  'pending_sign_ins',
  'replays',
  'traffic',
  'webhook_endpoint_health',
];

async function rowsOf({ owner }: Cell): Promise<Record<string, unknown[]>> {
  const tables = COPIED.map(async (table) => {
    const rows = await owner.query<{ row: object }[]>(
      `SELECT to_jsonb(t) - '{last_used_time,last_seen_time}'::text[] AS row FROM ${table} t ORDER BY to_jsonb(t)::text`,
    );
    return [table, rows.map(({ row }) => row)] as const;
  });
  return Object.fromEntries(await Promise.all(tables));
}

const run = async (statements: readonly string[]) => {
  for (const statement of statements) await control.owner.query(statement, [environmentId]);
};

const MADE = [
  `INSERT INTO roles (environment_id, role_name, role_key, display_name) VALUES ($1, 'admin', 'admin', 'Admin'), ($1, 'user', 'user', 'User')`,
  `UPDATE environments SET default_member_role = 'admin' WHERE id = $1`,
  `INSERT INTO api_clients (environment_id, id, client_id, name, scopes) VALUES ($1, 'c', 'clt_c', 'Sync', '{read}')`,
  `INSERT INTO api_client_secrets (environment_id, id, api_client_id, secret_hash) VALUES ($1, 's', 'c', 'hash')`,
  `INSERT INTO webhook_endpoints (environment_id, id, url) VALUES ($1, 'w', 'https://app.test')`,
  `INSERT INTO webhook_secrets (environment_id, endpoint_id, id, sealed_secret) VALUES ($1, 'w', 'ws', 'sealed')`,
  `INSERT INTO portal_settings (environment_id, display_name, allowed_origins) VALUES ($1, 'Acme', '{https://acme.test}')`,
  `INSERT INTO portal_logos (environment_id, id, media_type, content) VALUES ($1, 'l1', 'image/png', '\\x0001ff')`,
  `INSERT INTO single_sign_on (environment_id, name, issuer, client_id, sealed_client_secret, allowed_domains)
   VALUES ($1, 'Okta', 'https://i.test', 'c', 'x', '{acme.test}')`,
  `WITH m AS (INSERT INTO members (id, email, email_key, name) VALUES ('m', 'Ann@acme.test', 'ann@acme.test', 'Ann') RETURNING id)
   SELECT id FROM m WHERE $1 <> ''`,
  `INSERT INTO member_roles (environment_id, member_id, role) VALUES ($1, 'm', 'owner')`,
  `INSERT INTO member_sessions (member_id, id, environment_id, token_hash, method, second_factor, last_seen_time, expire_time, end_by)
   VALUES ('m', 'ms', $1, 'hash', 'password', true, now(), now() + interval '1 hour', now() + interval '1 day')`,
];

const CHANGED = [
  `UPDATE roles SET display_name = 'Everybody' WHERE environment_id = $1 AND role_name = 'user'`,
  `UPDATE environments SET default_member_role = 'user', name = 'Production', limits = '{"burst_seconds": 3}' WHERE id = $1`,
  `DELETE FROM roles WHERE environment_id = $1 AND role_name = 'admin'`,
  `INSERT INTO roles (environment_id, role_name, role_key, display_name) VALUES ($1, 'Admin', 'admin', 'Admin')`,
  `UPDATE api_clients SET revoked_time = now() WHERE environment_id = $1 AND id = 'c'`,
  `UPDATE api_client_secrets SET expire_time = now() WHERE environment_id = $1 AND id = 's'`,
  `UPDATE webhook_endpoints SET url = 'https://new.test', organization_ids = '{o1,o2}' WHERE environment_id = $1 AND id = 'w'`,
  `UPDATE webhook_secrets SET sealed_secret = 'anew' WHERE environment_id = $1 AND id = 'ws'`,
  `UPDATE portal_settings SET accent_color = '#0000ff' WHERE environment_id = $1`,
  `UPDATE portal_logos SET id = 'l2', content = '\\x02' WHERE environment_id = $1`,
  `UPDATE single_sign_on SET required = true WHERE environment_id = $1`,
  `UPDATE members SET name = 'Ann B.' WHERE id = 'm' AND $1 <> ''`,
  `UPDATE member_roles SET role = 'viewer' WHERE environment_id = $1`,
  `UPDATE member_sessions SET confirmed_time = now() WHERE environment_id = $1`,
];

const DELETED = [
  `UPDATE environments SET default_member_role = NULL WHERE id = $1`,
  `DELETE FROM roles WHERE environment_id = $1`,
  `DELETE FROM api_clients WHERE environment_id = $1 AND id = 'c'`,
  `DELETE FROM webhook_endpoints WHERE environment_id = $1`,
  `DELETE FROM portal_settings WHERE environment_id = $1`,
  `DELETE FROM portal_logos WHERE environment_id = $1`,
  `DELETE FROM single_sign_on WHERE environment_id = $1`,
  `DELETE FROM members WHERE id = 'm' AND $1 <> ''`,
];

describe('the configuration of the control cell', () => {
  afterEach(async () => {
    await run(DELETED);
    await copyConfiguration(control.app, b.app);
  });

  it('is copied by table, and each table of an owner is told to be copied or not', () => {
    const { environment, member } = TABLE_CLASSES;
    expect([...COPIED, ...OF_ONE_CELL].toSorted()).toEqual([...environment.tables, ...member.tables].toSorted());
  });

  it('arrives row by row when it is made, changed and deleted', async () => {
    for (const statements of [MADE, CHANGED, DELETED]) {
      await run(statements);
      expect(await rowsOf(b)).not.toEqual(await rowsOf(control));
      await copyConfiguration(control.app, b.app);
      expect(await rowsOf(b)).toEqual(await rowsOf(control));
    }
    expect((await rowsOf(b)).webhook_endpoints).toEqual([]);
  });

  it('opens a cell to what it opens the control cell to: one pepper, one secret key, the same clients', async () => {
    const [of, at] = await Promise.all(
      [control, b].map(({ app }) =>
        app.query<object[]>(
          'SELECT create_time, secret_key_check, sealed_pepper, setup_token_hash IS NULL AS unset FROM installation',
        ),
      ),
    );
    expect(at).toEqual([{ ...of?.[0], unset: true }]);
    await run(MADE);
    await copyConfiguration(control.app, b.app);
    const admit = () => b.app.query<{ client_id: string }[]>(`SELECT client_id FROM admit_api_client('clt_c', 's')`);
    expect(await admit()).toEqual([{ client_id: 'clt_c' }]);
    await run([`UPDATE api_clients SET revoked_time = now() WHERE environment_id = $1 AND id = 'c'`]);
    await copyConfiguration(control.app, b.app);
    expect(await admit()).toEqual([]);
  });

  it('writes nothing when nothing has changed, and goes on after a database has gone over to other columns', async () => {
    await run(MADE);
    await copyConfiguration(control.app, b.app);
    const written = () =>
      b.owner.query(`SELECT xmin::text, id FROM webhook_endpoints UNION SELECT xmin::text, row_key FROM copied_rows`);
    const before = await written();
    await Promise.all([copyConfiguration(control.app, b.app), copyConfiguration(control.app, b.app)]);
    expect(await written()).toEqual(before);
    await b.owner.query(`UPDATE portal_settings SET display_name = NULL`);
    await b.owner.query(`ALTER TABLE portal_settings ADD COLUMN later text`);
    await copyConfiguration(control.app, b.app);
    await b.owner.query(`ALTER TABLE portal_settings DROP COLUMN later`);
    expect(await rowsOf(b)).toEqual(await rowsOf(control));
  });

  it('leaves to a cell what it did to a row by itself, until that row is changed in the control cell', async () => {
    await run(MADE);
    await copyConfiguration(control.app, b.app);
    await b.owner.query(`UPDATE webhook_endpoints SET enabled = false, disabled_reason = 'gone' WHERE id = 'w'`);
    await b.owner.query(
      `UPDATE webhook_endpoint_health SET health = '{"failures": 9}', cooling_until = now() WHERE endpoint_id = 'w'`,
    );
    await run([`UPDATE portal_settings SET accent_color = '#00ff00' WHERE environment_id = $1`]);
    await copyConfiguration(control.app, b.app);
    const endpoint = async () =>
      (
        await b.owner.query<object[]>(
          `SELECT e.enabled, e.disabled_reason, h.health, h.cooling_until IS NULL AS is_open, e.enabled_time IS NULL AS is_first
           FROM webhook_endpoints e JOIN webhook_endpoint_health h ON h.endpoint_id = e.id`,
        )
      )[0];
    expect(await endpoint()).toMatchObject({ enabled: false, disabled_reason: 'gone', health: { failures: 9 } });
    const tools = { checkTarget: () => Promise.resolve() };
    await updateWebhookEndpoint(
      asOperator(control.owner),
      tools,
      { environmentId, endpointId: 'w' },
      { enabled: true },
    );
    await copyConfiguration(control.app, b.app);
    expect(await endpoint()).toEqual({
      enabled: true,
      disabled_reason: null,
      health: {},
      is_open: true,
      is_first: false,
    });
  });

  it('leaves clients that are limited to an organization in the cell of that organization', async () => {
    const [here, there] = await Promise.all(
      [control, b].map(({ database }) => buildDirectory(database.ownerUrl, { environmentId })),
    );
    const insert = async ({ owner }: Cell, id: string, organizationId = '') => {
      await owner.query(
        `INSERT INTO api_clients (environment_id, id, client_id, name, organization_id) VALUES ($1, $2, $2, 'Limited', $3)`,
        [environmentId, id, organizationId],
      );
      await owner.query(
        `INSERT INTO api_client_secrets (environment_id, id, api_client_id, secret_hash) VALUES ($1, $2, $2, 'hash')`,
        [environmentId, id],
      );
    };
    await insert(control, 'of-control', here?.organizationId);
    await insert(b, 'of-b', there?.organizationId);
    await run(MADE);
    await copyConfiguration(control.app, b.app, { all: true });
    const limited = ({ owner }: Cell) =>
      owner.query(
        `SELECT c.id FROM api_clients c JOIN api_client_secrets s ON s.api_client_id = c.id WHERE organization_id IS NOT NULL`,
      );
    expect(await limited(control)).toEqual([{ id: 'of-control' }]);
    expect(await limited(b)).toEqual([{ id: 'of-b' }]);
    for (const { owner } of [control, b])
      await owner.query('DELETE FROM api_clients WHERE organization_id IS NOT NULL');
  });

  it('is the newest in a cell, however many copy it at the same time', async () => {
    await run(MADE);
    for (let turn = 1; turn <= 10; turn += 1) {
      const running = [1, 2, 3].map(() => copyConfiguration(control.app, b.app));
      await run([`UPDATE portal_settings SET display_name = 'Turn ${turn}' WHERE environment_id = $1`]);
      await copyConfiguration(control.app, b.app);
      const names = await b.owner.query(`SELECT display_name FROM portal_settings`);
      expect(names).toEqual([{ display_name: `Turn ${turn}` }]);
      await Promise.all(running);
      expect(await b.owner.query(`SELECT display_name FROM portal_settings`)).toEqual(names);
    }
  });

  it('comes by itself when a command has changed it, and at once when it is asked for', async () => {
    const failures: unknown[] = [];
    const keeper = keepConfiguration(control.app, b.app, { onFailure: (error) => void failures.push(error) });
    await waitUntil(() => keeper.isCurrent());
    await run(MADE);
    await keeper.copy();
    expect(await rowsOf(b)).toEqual(await rowsOf(control));
    await run(CHANGED);
    await waitUntil(
      async () =>
        (await b.owner.query<unknown[]>(`SELECT 1 FROM webhook_endpoints WHERE url = 'https://new.test'`)).length > 0,
    );
    expect(await rowsOf(b)).toEqual(await rowsOf(control));
    await keeper.close();
    expect(failures).toEqual([]);
  });

  it('never takes an environment from a cell, with which its organizations would go', async () => {
    await control.owner.query(`INSERT INTO environments (id, name) VALUES ('e2', 'Second')`);
    await copyConfiguration(control.app, b.app);
    await control.owner.query(`DELETE FROM environments WHERE id = 'e2'`);
    await copyConfiguration(control.app, b.app);
    expect(await b.owner.query(`SELECT name FROM environments WHERE id = 'e2'`)).toEqual([{ name: 'Second' }]);
    await b.owner.query(`DELETE FROM environments WHERE id = 'e2'`);
  });
});

it('makes due what waits for an endpoint that was disabled in the cell alone', async () => {
  const endpoint = await buildEndpoint(control.owner, { environmentId });
  await copyConfiguration(control.app, b.app);
  await b.owner.query('UPDATE webhook_endpoints SET enabled = false WHERE id = $1', [endpoint.endpointId]);
  await b.owner.query(
    `INSERT INTO deliveries (directory_id, id, environment_id, endpoint_id, event_id, event_type, resource_id, state, next_attempt_time)
     VALUES ('d', $3, $1, $2, 'e', 'user.created', 'u', 'pending', now() + interval '5 hours')`,
    [environmentId, endpoint.endpointId, newId()],
  );
  await control.owner.query(`UPDATE webhook_endpoints SET description = 'again'`);
  await copyConfiguration(control.app, b.app);
  expect(await b.owner.query('SELECT next_attempt_time <= now() AS due FROM deliveries')).toEqual([{ due: true }]);
});

it('gives users of the cell their roles anew when roles come and go or the default one changes, and not for less', async () => {
  const { directoryId } = await buildDirectory(b.database.ownerUrl, { environmentId });
  const jobOf = async () => {
    const [job] = await b.owner.query<{ change_id: string }[]>(
      `SELECT j.change_id FROM rules_jobs j JOIN changes c ON c.directory_id = j.directory_id AND c.id = j.change_id
       WHERE j.directory_id = $1 AND c.kind = 'rules_changed'`,
      [directoryId],
    );
    return job?.change_id;
  };
  const copy = async (statement: string) => {
    await run([statement]);
    await copyConfiguration(control.app, b.app);
    return jobOf();
  };
  const made = await copy(
    `INSERT INTO roles (environment_id, role_name, role_key, display_name) VALUES ($1, 'crew', 'crew', 'Crew')`,
  );
  const setDefault = await copy(`UPDATE environments SET default_member_role = 'crew' WHERE id = $1`);
  const described = await copy(`UPDATE roles SET display_name = 'The crew' WHERE environment_id = $1`);
  expect([typeof made, typeof setDefault, described]).toEqual(['string', 'string', setDefault]);
  expect(setDefault).not.toBe(made);
});

describe('a database that is no cell of the installation', () => {
  it('is refused and left alone when it was set up by itself', async () => {
    const other = await openCell();
    await bootstrapDatabase({ ownerUrl: other.database.ownerUrl, keys });
    const before = await rowsOf(other);
    await expect(copyConfiguration(control.app, other.app)).rejects.toMatchObject({
      code: 'cell_of_another_installation',
    });
    expect(await rowsOf(other)).toEqual(before);
  });

  it('is refused when it is the control cell under another address', async () => {
    const again = createDataSource({ url: control.database.appUrl, poolSize: 1 });
    await again.initialize();
    await expect(copyConfiguration(control.app, again, { all: true })).rejects.toMatchObject({
      code: 'cell_named_twice',
    });
    await again.destroy();
  });

  it('gives nothing before it was set up', async () => {
    const [empty, other] = [await openCell(), await openCell()];
    await expect(copyConfiguration(empty.app, other.app)).rejects.toMatchObject({ code: 'control_not_set_up' });
  });
});
