import { createPool } from '@rollcall/database';
import { buildOktaUser } from '../../../../libs/testing/src/build-okta-user';
import { driveLoad, sendOne } from '../load/drive-load';
import { RIVALS_FOLDER } from './install-rivals';
import type { Directory, ScimSystem } from './scim-system';
import type { BenchDatabase } from './start-database';
import { startProgram } from './start-program';

export const RIVALS = ['saml-jackson', 'better-auth'] as const;
export type Rival = (typeof RIVALS)[number];

/** One message of the seeding commands. */
const BATCH = 2_000;
const SEED_IN_FLIGHT = 8;

/** Starts a rival under a bare node:http server (rivals/serve-….js) on a database of its own, which it makes its tables in. */
export async function startRival(server: BenchDatabase, name: Rival): Promise<ScimSystem> {
  const urls = await server.create(name);
  const admin = createPool({ url: urls.adminUrl, poolSize: 1, onError: () => undefined });
  const program = await startProgram(`${RIVALS_FOLDER}/serve-${name}.js`, { env: { DATABASE_URL: urls.ownerUrl } });
  const seedsInBulk = name === 'saml-jackson';
  return {
    name,
    serverPids: () => [program.pid],
    postmasterPid: server.postmasterPid,
    createDirectory: async () => {
      const directory = await program.command<Omit<Directory, 'port'>>('createDirectory');
      return { ...directory, port: program.port };
    },
    seedUsers: async (directory, count, first = 0) => {
      if (!seedsInBulk) return createUsers(directory, count, first);
      const ids: string[] = [];
      for (let start = 0; start < count; start += BATCH) {
        const length = Math.min(BATCH, count - start);
        const bodies = Array.from({ length }, (_, index) => buildOktaUser(first + start + index));
        ids.push(...(await program.command<string[]>('seedUsers', { ...directory, bodies })));
      }
      return ids;
    },
    seedGroup: (directory, displayName, memberIds) =>
      seedsInBulk
        ? program.command<string>('seedGroup', { ...directory, displayName, memberIds })
        : createGroup(directory, displayName, memberIds),
    settle: async () => {
      await admin.query('VACUUM (ANALYZE)');
    },
    stop: async () => {
      await program.stop();
      await admin.end();
    },
  };
}

/** Fills a directory over HTTP. */
async function createUsers(target: Directory, count: number, first: number): Promise<string[]> {
  const ids = new Map<string, string>();
  let n = first;
  await driveLoad({
    target,
    inFlight: SEED_IN_FLIGHT,
    next: () =>
      n < first + count ? { method: 'POST', path: '/Users', body: buildOktaUser(n++), expect: 201 } : undefined,
    onAnswer: ({ body }) => {
      const { id, userName } = JSON.parse(body.toString()) as { id: string; userName: string };
      ids.set(userName, id);
    },
  });
  return Array.from({ length: count }, (_, index) => ids.get(String(buildOktaUser(first + index).userName)) ?? '');
}

/** Members that one request may name. */
const MEMBER_BATCH = 50;

async function createGroup(target: Directory, displayName: string, memberIds: readonly string[]): Promise<string> {
  const body = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], displayName, members: [] };
  const { id } = await sendOne<{ id: string }>(target, { method: 'POST', path: '/Groups', body, expect: 201 });
  for (let start = 0; start < memberIds.length; start += MEMBER_BATCH) {
    const value = memberIds.slice(start, start + MEMBER_BATCH).map((memberId) => ({ value: memberId }));
    const patch = {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
      Operations: [{ op: 'add', path: 'members', value }],
    };
    await sendOne(target, { method: 'PATCH', path: `/Groups/${id}`, body: patch });
  }
  return id;
}
