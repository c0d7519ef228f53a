import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isProcessAlive, startEmbeddedPostgres } from '@rollcall/embedded-postgres';
import type { TestProject } from 'vitest/node';
import type { TestServer } from './create-test-database';

const FOLDER = /^rollcall-test-postgres-(\d+)-/;

/**
 * Vitest's global setup of the integration suites: one PostgreSQL for their project, the oldest supported one for that of its name, else
 * that of TEST_POSTGRES_BIN or the packaged one, without the waits that make commits durable (a suite that proves durability starts a
 * server of its own).
 */
// oxlint-disable-next-line import/no-default-export -- Vitest demands a default export of a global setup.
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  stopAbandonedServers();
  const dataDir = join(tmpdir(), `rollcall-test-postgres-${process.pid}-${project.name}`);
  await mkdir(dataDir, { mode: 0o711 });
  const server = await startEmbeddedPostgres({
    dataDir,
    binDir: (project.name === 'oldest' ? process.env.TEST_OLDEST_POSTGRES : process.env.TEST_POSTGRES_BIN) || undefined,
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' },
  });
  const { adminUrl, ownerUrl, appUrl } = server;
  project.provide('postgres', { adminUrl, ownerUrl, appUrl } satisfies TestServer);
  return async () => {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
}

/** Ends the servers of runs that were killed, which outlive them by design. */
function stopAbandonedServers(): void {
  for (const name of readdirSync(tmpdir())) {
    const run = FOLDER.exec(name)?.[1];
    if (!run || isProcessAlive(Number(run))) continue;
    const folder = join(tmpdir(), name);
    try {
      const postmaster = Number.parseInt(readFileSync(join(folder, 'postgres/postmaster.pid'), 'utf8'), 10);
      process.kill(postmaster, 'SIGQUIT');
    } catch {
      // It has ended already; what is left is the folder.
    }
    rmSync(folder, { recursive: true, force: true });
  }
}
