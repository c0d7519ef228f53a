import { randomBytes } from 'node:crypto';
import { changeUser } from '@rollcall/directory';
import { createSealer, createSecretHasher, issueToken, newId, parseId } from '@rollcall/platform';
import type { SecretKeys } from '@rollcall/platform';
import { readResource, userResourceType } from '@rollcall/scim';
import {
  bootstrapDatabase,
  createDataSource,
  createEnvironment,
  createPool,
  migrateDatabase,
  openSecretPepper,
} from '@rollcall/database';
import { buildOktaUser } from '../../../../libs/testing/src/build-okta-user';
import { migrateQueue } from '../../../local/src/supervise/migrate-queue';
import type { DatabaseUrls } from './start-database';

type Pool = ReturnType<typeof createPool>;

/** Rollcall's schema with one organization; one token opens all its directories. */
export interface RollcallDatabase {
  urls: DatabaseUrls;
  /** What the processes must be started with. */
  secretKey: string;
  credentials: ApiCredentials;
  token: string;
  secretId: string;
  /** A connection past row-level security. */
  admin: Pool;
  /** Makes another environment with one organization. */
  createTenant(): Promise<BenchTenant>;
  /** Makes empty directories, set-wise; their ids. Of the first tenant unless told otherwise. */
  createDirectories(count: number, tenant?: BenchTenant): Promise<string[]>;
  seedUsers(directoryId: string, count: number, first?: number): Promise<string[]>;
  seedGroup(directoryId: string, displayName: string, memberIds: readonly string[]): Promise<string>;
  /** Makes groups without members, set-wise; their ids. */
  seedGroups(directoryId: string, count: number): Promise<string[]>;
  /** Makes changes that wait, set-wise: in each directory so many users who were written and not published yet. */
  seedChanges(directoryIds: readonly string[], each: number): Promise<void>;
  settle(): Promise<void>;
  close(): Promise<void>;
}

export interface ApiCredentials {
  client_id: string;
  client_secret: string;
}

/** An environment with one organization, which has Directory Sync on; bare ids. */
export interface BenchTenant {
  environmentId: string;
  organizationId: string;
  credentials: ApiCredentials;
}

/** Migrates an empty database as `npm start` would. */
export async function createRollcallDatabase(urls: DatabaseUrls): Promise<RollcallDatabase> {
  await migrateDatabase({ ownerUrl: urls.ownerUrl });
  await migrateQueue(urls.ownerUrl);
  const secretKey = randomBytes(32);
  const made = await bootstrapDatabase({ ownerUrl: urls.ownerUrl, keys: { secretKey } });
  if (!made) throw new Error('the database of a benchmark is empty at first');
  const { credentials } = made;
  const secretId = newId();
  const token = issueToken(secretId);
  const secretHash = await hashToken(urls.ownerUrl, { secretKey }, token);
  const admin = createPool({ url: urls.adminUrl, poolSize: 1, onError: () => undefined });
  const first = await insertOrganization(admin, credentials);
  return {
    urls,
    secretKey: secretKey.toString('base64'),
    credentials,
    token,
    secretId,
    admin,
    createTenant: async () =>
      insertOrganization(
        admin,
        await createEnvironment({ ownerUrl: urls.ownerUrl, keys: { secretKey }, name: 'Bench' }),
      ),
    createDirectories: async (count, { environmentId, organizationId } = first) => {
      const ids = Array.from({ length: count }, () => newId());
      await admin.query(INSERT_DIRECTORIES, [ids, environmentId, organizationId, secretId, secretHash]);
      return ids;
    },
    seedUsers: (directoryId, count, first = 0) => insertUsers(admin, directoryId, count, first),
    seedGroup: (directoryId, displayName, memberIds) => insertGroup(admin, directoryId, displayName, memberIds),
    seedGroups: (directoryId, count) => insertGroups(admin, directoryId, count),
    seedChanges: async (directoryIds, each) => {
      await admin.query(INSERT_CHANGES, [directoryIds, each, JSON.stringify(userRow(0).resource)]);
    },
    settle: async () => {
      await admin.query('VACUUM (ANALYZE)');
    },
    close: () => admin.end(),
  };
}

async function hashToken(ownerUrl: string, keys: SecretKeys, token: string): Promise<string> {
  const owner = await createDataSource({ url: ownerUrl, everyTenant: true, poolSize: 1 }).initialize();
  const pepper = await openSecretPepper(owner, createSealer(keys)).finally(() => owner.destroy());
  return createSecretHasher({ pepper: () => pepper }).hashGenerated(token);
}

async function insertOrganization(
  admin: Pool,
  { environment_id, ...credentials }: ApiCredentials & { environment_id: string },
): Promise<BenchTenant> {
  const tenant = { environmentId: parseId('env', environment_id) ?? '', organizationId: newId(), credentials };
  await admin.query(
    `INSERT INTO organizations (environment_id, id, display_name, dir_sync_enabled) VALUES ($1, $2, 'Bench', true)`,
    [tenant.environmentId, tenant.organizationId],
  );
  return tenant;
}

const INSERT_DIRECTORIES = `
  WITH directory AS (
    INSERT INTO directories (environment_id, id, organization_id, name, directory_type, directory_provider)
    SELECT $2, id, $3, 'Bench', 'SCIM', 'OKTA' FROM unnest($1::text[]) AS d (id) RETURNING id),
  counter AS (
    INSERT INTO directory_counters (directory_id, environment_id, organization_id) SELECT id, $2, $3 FROM directory)
  INSERT INTO directory_secrets (directory_id, id, environment_id, secret_hash, secret_suffix)
  SELECT id, $4, $2, $5, 'abcd' FROM directory`;

/** One statement's worth of users. */
const BATCH = 2_000;

async function insertUsers(admin: Pool, directoryId: string, count: number, first: number): Promise<string[]> {
  const ids: string[] = [];
  for (let start = 0; start < count; start += BATCH) {
    const rows = Array.from({ length: Math.min(BATCH, count - start) }, (_, index) => userRow(first + start + index));
    await admin.query(INSERT_USERS, [directoryId, JSON.stringify(rows)]);
    ids.push(...rows.map(({ id }) => id));
  }
  await admin.query('UPDATE directory_counters SET total_users = total_users + $2 WHERE directory_id = $1', [
    directoryId,
    count,
  ]);
  return ids;
}

function userRow(n: number) {
  const record = changeUser(null, readResource(buildOktaUser(n), userResourceType).resource);
  if (!record) throw new Error('a new user is always a change');
  return { id: newId(), resource: record.resource, ...record.columns };
}

const INSERT_USERS = `
  WITH stored AS (
    INSERT INTO directory_users (directory_id, id, user_name_key, external_id, display_name_key, email_keys, active,
      created, last_modified, resource)
    SELECT $1, id, "userNameKey", "externalId", "displayNameKey",
      ARRAY(SELECT json_array_elements_text("emailKeys")), active, now(), now(), resource
    FROM json_to_recordset($2) AS r (id text, "userNameKey" text, "externalId" text, "displayNameKey" text,
      "emailKeys" json, active boolean, resource jsonb)
    RETURNING id, email_keys)
  INSERT INTO directory_user_emails (directory_id, value_key, user_id)
  SELECT $1, key, id FROM stored, unnest(email_keys) AS key`;

const INSERT_CHANGES = `
  INSERT INTO changes (directory_id, kind, resource_id, resource, users_delta, occurred_at)
  SELECT d.id, 'user_written', ulid_floor(now()) || lpad(n::text, 16, '0'), user_of.resource || jsonb_build_object(
      'userName', n || '-' || (user_of.resource ->> 'userName'), 'externalId', n::text), 1, now()
  FROM generate_series(1, $2::integer) AS n CROSS JOIN unnest($1::text[]) AS d (id)
    CROSS JOIN (SELECT $3::jsonb AS resource) AS user_of`;

async function insertGroup(
  admin: Pool,
  directoryId: string,
  displayName: string,
  memberIds: readonly string[],
): Promise<string> {
  const id = newId();
  await admin.query(INSERT_GROUPS, [directoryId, [id], [displayName]]);
  await admin.query(
    `INSERT INTO memberships (directory_id, group_id, member_id, member_type)
     SELECT $1, $2, m, 'User' FROM unnest($3::text[]) AS m`,
    [directoryId, id, memberIds],
  );
  return id;
}

async function insertGroups(admin: Pool, directoryId: string, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => newId());
  await admin.query(INSERT_GROUPS, [directoryId, ids, ids.map((_, index) => `Seeded team ${index}`)]);
  return ids;
}

const INSERT_GROUPS = `
  WITH stored AS (
    INSERT INTO directory_groups (directory_id, id, display_name_key, created, last_modified, resource)
    SELECT $1, id, lower(name), now(), now(), jsonb_build_object(
      'schemas', jsonb_build_array('urn:ietf:params:scim:schemas:core:2.0:Group'), 'displayName', name)
    FROM unnest($2::text[], $3::text[]) AS g (id, name) RETURNING id)
  UPDATE directory_counters SET total_groups = total_groups + (SELECT count(*) FROM stored) WHERE directory_id = $1`;
