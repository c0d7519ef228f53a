import { createEnvironment } from '@rollcall/database';
import type { IngressOptions } from '../../start-ingress';
import { startTestIngress } from '../../testing/start-test-ingress';
import type { TestIngress } from '../../testing/start-test-ingress';
import type { DirectoryAnswer, DirectoryItem } from '../directories/directory.dto';
import type { OrganizationAnswer } from '../organizations/organization.dto';
import type { IssuedSecretAnswer } from '../secrets/secret.dto';
import { connectApi } from './api-client';
import type { ApiClient } from './api-client';

/** What a suite's database is known by. */
interface SuiteDatabase {
  ownerUrl: string;
  appUrl: string;
  adminUrl: string;
  drop(): Promise<void>;
}

/** An ingress on an empty database with a client of its environment and one of another. */
export interface TestApi {
  database: SuiteDatabase;
  ingress: TestIngress;
  api: ApiClient;
  foreign: ApiClient;
  /** A new organization's id; Directory Sync on unless told otherwise. */
  newOrganization(enabled?: boolean): Promise<string>;
  newDirectory(organizationId?: string): Promise<DirectoryItem>;
  /** A client of the directory's SCIM endpoint. */
  newScim(directory: DirectoryItem): Promise<ScimClient>;
  stop(): Promise<void>;
}

export interface ScimClient {
  token: string;
  call(method: string, path: string, body?: unknown): Promise<{ status: number; body: { id: string } }>;
}

/** The body of every error. */
export interface ErrorBody {
  error: {
    code: string;
    message: string;
    details?: Record<string, unknown>;
  };
}

/** For suites named `*.int.test.ts`: `startApi(await createTestDatabase({ migrate: migrateDatabase }))`. */
export async function startApi(
  database: SuiteDatabase,
  env: NodeJS.ProcessEnv = {},
  options: Partial<Pick<IngressOptions, 'portalFolder' | 'streamPace'>> = {},
): Promise<TestApi> {
  const ingress = await startTestIngress(database, { env, ...options });
  const api = await connectApi(ingress.baseUrl, ingress.credentials);
  const other = await createEnvironment({
    ownerUrl: database.ownerUrl,
    keys: ingress.keys,
    name: 'Other',
  });
  const newOrganization = async (enabled = true): Promise<string> => {
    const { organization } = (await api.call<OrganizationAnswer>('POST', '/organizations', { display_name: 'Acme' }))
      .body;
    const features = [{ name: 'dir_sync', enabled }];
    await api.call('PATCH', `/organizations/${organization.id}/settings`, { features });
    return organization.id;
  };
  return {
    database,
    ingress,
    api,
    foreign: await connectApi(ingress.baseUrl, other),
    newOrganization,
    newDirectory: async (given) => {
      const organizationId = given ?? (await newOrganization());
      const body = { directory: { directory_type: 'SCIM', directory_provider: 'OKTA' } };
      return (await api.call<DirectoryAnswer>('POST', `/organizations/${organizationId}/directories`, body)).body
        .directory;
    },
    newScim: async (directory) => {
      const { body } = await api.call<IssuedSecretAnswer>('POST', `${pathOf(directory)}/secrets`);
      return connectScim(ingress.baseUrl, directory, body.plain_secret);
    },
    stop: async () => {
      await ingress.stop();
      await database.drop();
    },
  };
}

/** Where a directory lives in the management API. */
export function pathOf({ organization_id, id }: Pick<DirectoryItem, 'organization_id' | 'id'>): string {
  return `/organizations/${organization_id}/directories/${id}`;
}

/** A client of a directory's SCIM endpoint with a given token. */
export function connectScim(baseUrl: string, directory: Pick<DirectoryItem, 'id'>, token: string): ScimClient {
  return {
    token,
    call: async (method, path, body) => {
      const response = await fetch(`${baseUrl}/scim/${directory.id.slice(4)}/v2${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      const text = await response.text();
      return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
    },
  };
}
