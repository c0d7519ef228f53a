import { createHmac, timingSafeEqual } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import {
  AppError,
  createSealer,
  createSecretHasher,
  hashOpaqueToken,
  issueToken,
  newId,
  newOpaqueToken,
  publicId,
} from '@rollcall/platform';
import type { SecretHasher, SecretKeys } from '@rollcall/platform';
import { OPERATOR, writeAuditEntries } from './audit/write-audit-entries';
import { Environment } from './entities';
import { insertApiClient } from './insert-api-client';
import { openAsOwner } from './open-as-owner';
import { openSecretPepper } from './open-secret-pepper';
import { noteServer } from './server-identity';

/** Credentials of one environment, in their public form; the secret exists in clear only here. */
export interface EnvironmentCredentials {
  environment_id: string;
  client_id: string;
  client_secret: string;
}

/** What the first start makes. */
export interface Bootstrap {
  credentials: EnvironmentCredentials;
  /** Makes the first owner of the dashboard, once; in clear only here. */
  setupToken: string;
}

export interface BootstrapOptions {
  ownerUrl: string;
  keys: SecretKeys;
  clientId?: string;
  clientSecret?: string;
  /** Name of the first environment. */
  name?: string;
  /** Stores what was made before it takes effect, so that a process killed in between cannot lose their only copy. */
  keep?: (made: Bootstrap) => Promise<void>;
}

/**
 * Binds an empty database to the secret key and makes its first environment and API client, and the token that sets the dashboard
 * up. Returns them, or null when the database was set up before. Throws AppError `secret_key_mismatch` when it was sealed with another key.
 */
export async function bootstrapDatabase(options: BootstrapOptions): Promise<Bootstrap | null> {
  return asOwner(options.ownerUrl, async (dataSource) =>
    dataSource.transaction(async (manager) => {
      await manager.query(`SELECT pg_advisory_xact_lock(hashtext('rollcall.bootstrap'))`);
      const [installation] = await manager.query<{ secret_key_check: string }[]>(
        'SELECT secret_key_check FROM installation',
      );
      if (installation) {
        refuseOtherKey(installation.secret_key_check, options.keys);
        return null;
      }
      const setupToken = newOpaqueToken();
      await manager.query('INSERT INTO installation (secret_key_check, setup_token_hash) VALUES ($1, $2)', [
        secretKeyCheck(options.keys.secretKey),
        hashOpaqueToken(setupToken),
      ]);
      await noteServer(manager);
      const { name = 'Default', clientId, clientSecret } = options;
      const hasher = await openHasher(manager, options.keys);
      const credentials = await insertEnvironment(manager, hasher, { name, clientId, clientSecret });
      const made = { credentials, setupToken };
      await options.keep?.(made);
      return made;
    }),
  );
}

/** Makes one more environment with its API client and returns the credentials. Needs the owner's URL of a bootstrapped database. */
export async function createEnvironment(options: {
  ownerUrl: string;
  keys: SecretKeys;
  name: string;
}): Promise<EnvironmentCredentials> {
  return asOwner(options.ownerUrl, async (dataSource) =>
    dataSource.transaction(async (manager) =>
      insertEnvironment(manager, await openHasher(manager, options.keys), { name: options.name }),
    ),
  );
}

/**
 * Refuses keys without the one that the database is bound to (AppError `secret_key_mismatch`): it must be the newest or a
 * previous one. For processes that join.
 */
export async function checkSecretKey(dataSource: DataSource, keys: SecretKeys): Promise<void> {
  const [installation] = await dataSource.query<{ secret_key_check: string }[]>(
    'SELECT secret_key_check FROM installation',
  );
  if (!installation) {
    throw new AppError({
      kind: 'unavailable',
      code: 'not_bootstrapped',
      message:
        'This database has no environment yet: run "npm run rollcall -- bootstrap" with DATABASE_OWNER_URL, or start "npm start" with it once.',
    });
  }
  refuseOtherKey(installation.secret_key_check, keys);
}

/** What binds a database to its key. */
export function secretKeyCheck(secretKey: Uint8Array): string {
  return createHmac('sha256', secretKey).update('rollcall secret key check').digest('hex');
}

function refuseOtherKey(stored: string, { secretKey, previousSecretKeys = [] }: SecretKeys): void {
  const given = [secretKey, ...previousSecretKeys].map(secretKeyCheck);
  if (given.some((check) => timingSafeEqual(Buffer.from(stored), Buffer.from(check)))) return;
  throw new AppError({
    kind: 'unavailable',
    code: 'secret_key_mismatch',
    message:
      'SECRET_KEY is not the key this database was sealed with. Start with the original key, or name it in SECRET_KEY_PREVIOUS.',
  });
}

/** Hashes what is stored; it verifies nothing. */
export async function openHasher(manager: DataSource | EntityManager, keys: SecretKeys): Promise<SecretHasher> {
  const pepper = await openSecretPepper(manager, createSealer(keys));
  return createSecretHasher({ pepper: () => pepper });
}

/** A client's secret that an operator chose may be weak; one that is made here is not. */
async function insertEnvironment(
  manager: EntityManager,
  hasher: SecretHasher,
  { name, clientId, clientSecret }: { name: string; clientId?: string; clientSecret?: string },
): Promise<EnvironmentCredentials> {
  const environmentId = newId();
  const id = newId();
  const client_id = clientId ?? publicId('clt', id);
  const client_secret = clientSecret ?? issueToken(id, undefined, 'rcs');
  await manager.insert(Environment, { id: environmentId, name });
  const secretHash =
    clientSecret === undefined ? hasher.hashGenerated(client_secret) : await hasher.hashChosen(clientSecret);
  await insertApiClient(
    manager,
    { environmentId, id, clientId: client_id, name: 'First client', scopes: ['read', 'write'], organizationId: null },
    { id, secretHash, keyHash: null },
  );
  const environment = { type: 'environment' as const, id: publicId('env', environmentId), name };
  const client = { type: 'api_client' as const, id: client_id, name: 'First client' };
  await writeAuditEntries(manager, environmentId, OPERATOR, [
    { action: 'environment.created', target: environment, organizationId: null },
    { action: 'api_client.created', target: client, organizationId: null },
  ]);
  return { environment_id: publicId('env', environmentId), client_id, client_secret };
}

/** Runs work on a connection of the owner, which sees every tenant's rows. */
export async function asOwner<T>(ownerUrl: string, work: (dataSource: DataSource) => Promise<T>): Promise<T> {
  const dataSource = await openAsOwner(ownerUrl, { applicationName: 'rollcall-setup' });
  try {
    return await work(dataSource);
  } finally {
    await dataSource.destroy();
  }
}
