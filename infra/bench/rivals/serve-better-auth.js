import { randomUUID } from 'node:crypto';
import { scim } from '@better-auth/scim';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { toNodeHandler } from 'better-auth/node';
import { Pool } from 'pg';
import { serveProgram } from './serve-program.js';

/** `@better-auth/scim` under a bare node:http server. Tokens are looked up in memory. */
const connections = new Map();
const options = {
  baseURL: 'http://127.0.0.1',
  secret: 'the benchmark signs no session with this',
  database: new Pool({ connectionString: process.env.DATABASE_URL, max: 12 }),
  logger: { level: 'error' },
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  plugins: [
    scim({
      connections: [],
      authentication: {
        verifyBearerToken: ({ token }) => connections.get(token) ?? null,
      },
    }),
  ],
};
await (await getMigrations(options)).runMigrations();
const handle = toNodeHandler(betterAuth(options));

serveProgram(handle, { createDirectory });

async function createDirectory() {
  const id = randomUUID();
  const token = randomUUID();
  connections.set(token, {
    connection: { id, provisioningDomainId: id },
    credentialId: id,
    scopes: ['scim.users.read', 'scim.users.write', 'scim.groups.read', 'scim.groups.write'],
  });
  return { basePath: '/api/auth/scim/v2', token };
}
