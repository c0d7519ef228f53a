import type { BenchDatabase } from './start-database';
import { createRollcallDatabase } from './rollcall-database';
import { startProgram } from './start-program';
import { PROGRAMS } from './start-rollcall';
import type { ScimSystem } from './scim-system';

/** The limit: a server that does nothing but the token check, JSON.parse and Rollcall's own SQL functions (serve-limit.ts). */
export async function startLimit(server: BenchDatabase, programs = PROGRAMS): Promise<ScimSystem> {
  const name = 'limit';
  const database = await createRollcallDatabase(await server.create(name));
  const program = await startProgram(`${programs}/infra/bench/limit.js`, {
    env: { DATABASE_URL: database.urls.appUrl, TOKEN: database.token, SECRET_ID: database.secretId },
  });
  return {
    name,
    serverPids: () => [program.pid],
    postmasterPid: server.postmasterPid,
    createDirectory: async () => {
      const [directoryId = ''] = await database.createDirectories(1);
      return { directoryId, port: program.port, basePath: `/${directoryId}`, token: database.token };
    },
    seedUsers: ({ directoryId }, count, first) => database.seedUsers(directoryId, count, first),
    seedGroup: ({ directoryId }, displayName, memberIds) => database.seedGroup(directoryId, displayName, memberIds),
    settle: () => database.settle(),
    stop: async () => {
      await program.stop();
      await database.close();
    },
  };
}
