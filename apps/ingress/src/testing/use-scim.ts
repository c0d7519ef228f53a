import { afterAll, beforeAll, expect } from 'vitest';
import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { migrateDatabase } from '@rollcall/database';
import { scimClient } from './scim-client';
import type { Answer, ScimBody, ScimClient } from './scim-client';
import { runAsAdmin, seedDirectory } from './seed-directory';
import type { SeededDirectory } from './seed-directory';
import { startTestIngress } from './start-test-ingress';
import type { TestIngress } from './start-test-ingress';

/** Where a suite's server says it is: not where it listens, so that a URL built from a request would be found out. */
export const PUBLIC_URL = 'https://directory.example.com';

/** A running ingress with one directory, for the length of a test file. Its members can be read once the tests run. */
export interface ScimSuite {
  readonly ingress: TestIngress;
  readonly directory: SeededDirectory;
  /** Sends requests to the suite's directory. */
  readonly scim: ScimClient;
  /** The directory's base URL as clients are told it. */
  readonly base: string;
  /** Another directory, in an environment of its own. */
  seed(options?: { strict?: boolean }): Promise<SeededDirectory>;
  /** The superuser's login, for a connection of one's own. */
  adminUrl(): string;
  /** Runs a statement past row-level security. */
  admin<Row>(text: string, values?: unknown[]): Promise<Row[]>;
  /** A name that no other resource of the suite has. */
  unique(prefix: string): string;
  /** Makes a user, who has a userName of its own unless the attributes say otherwise. */
  makeUser(attributes?: Record<string, unknown>, client?: ScimClient): Promise<ScimBody>;
  /** Makes a group with members. */
  makeGroup(memberIds?: readonly string[], client?: ScimClient): Promise<ScimBody>;
  /** Resources that a filter finds. */
  find(filter: string, endpoint?: string, client?: ScimClient): Promise<ScimBody[]>;
  /** Follows a URL that the server handed out. */
  follow(url: string): Promise<Answer>;
}

/** Registers the hooks that start and stop a suite's database and ingress. */
export function useScim(): ScimSuite {
  let database: TestDatabase;
  let running: { ingress: TestIngress; directory: SeededDirectory; scim: ScimClient };
  let count = 0;

  beforeAll(async () => {
    database = await createTestDatabase({ migrate: migrateDatabase });
    const ingress = await startTestIngress(database, { env: { PUBLIC_URL } });
    const directory = await seedDirectory(database.adminUrl, ingress);
    running = { ingress, directory, scim: scimClient(directory) };
  });
  afterAll(async () => {
    await running.ingress.stop();
    await database.drop();
  });

  const unique = (prefix: string): string => `${prefix}-${(count += 1)}`;
  const create = async (client: ScimClient, endpoint: string, body: Record<string, unknown>): Promise<ScimBody> => {
    const { status, json, text } = await client('POST', endpoint, body);
    expect(status, text).toBe(201);
    return json;
  };
  return {
    get ingress() {
      return running.ingress;
    },
    get directory() {
      return running.directory;
    },
    get scim() {
      return running.scim;
    },
    get base() {
      return `${PUBLIC_URL}/scim/${running.directory.directoryId}/v2`;
    },
    unique,
    seed: (options) => seedDirectory(database.adminUrl, running.ingress, options),
    adminUrl: () => database.adminUrl,
    admin: (text, values = []) => runAsAdmin(database.adminUrl, [[text, values]]),
    makeUser: (attributes = {}, client = running.scim) =>
      create(client, '/Users', { userName: unique('User'), ...attributes }),
    makeGroup: (memberIds = [], client = running.scim) =>
      create(client, '/Groups', { displayName: unique('Group'), members: memberIds.map((value) => ({ value })) }),
    find: async (filter, endpoint = '/Users', client = running.scim) => {
      const { status, json, text } = await client('GET', `${endpoint}?filter=${encodeURIComponent(filter)}`);
      expect(status, text).toBe(200);
      return json.Resources;
    },
    follow: (url) => {
      const prefix = `${PUBLIC_URL}/scim/${running.directory.directoryId}/v2`;
      expect(url.startsWith(prefix), url).toBe(true);
      return running.scim('GET', url.slice(prefix.length));
    },
  };
}
