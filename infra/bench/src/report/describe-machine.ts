import { cpus, release, totalmem, type } from 'node:os';

/** The machine that figures were taken on, in one sentence. */
export function describeMachine({ postgresVersion }: { postgresVersion: string }): string {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 1024 ** 3);
  return `${cpu?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores, ${memory} GiB, ${type()} ${release()}, Node.js ${process.versions.node}, PostgreSQL ${postgresVersion} with durable commits; load, servers and database on this one machine.`;
}
