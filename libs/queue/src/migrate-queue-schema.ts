import { runMigrations, type PgQueryable } from 'bullmq';

/**
 * Brings the schema `bullmq` up to date and lets `appRole` use it. Idempotent, and safe when several processes do it at
 * once: BullMQ takes a lock for its migrations, in one transaction.
 *
 * @param client one connection (not a pool) of the role that owns the database
 * @param options.appRole the role that the applications run as; BullMQ makes a sequence per queue as this role, so all
 * of them must run as the same one
 */
export async function migrateQueueSchema(client: PgQueryable, { appRole }: { appRole: string }): Promise<void> {
  await runMigrations(client);
  const role = `"${appRole.replaceAll('"', '""')}"`;
  await client.query(`grant usage, create on schema bullmq to ${role}`);
  await client.query(`grant select, insert, update, delete on all tables in schema bullmq to ${role}`);
  await client.query(`grant usage, select on all sequences in schema bullmq to ${role}`);
}
