import { runMigrations, type PgQueryable } from 'bullmq';
import { JOB_NAMES, type JobName } from './wake-ups';

/**
 * Brings the schema `bullmq` up to date and lets `appRole` use what is in it, but make nothing there: on this schema the owner
 * runs migrations. Idempotent, and safe when several processes do it at once: BullMQ takes a lock for its migrations, in one
 * transaction.
 *
 * @param client one connection (not a pool) of the role that owns the database
 * @param options.appRole the role that the applications run as
 */
export async function migrateQueueSchema(client: PgQueryable, { appRole }: { appRole: string }): Promise<void> {
  await runMigrations(client);
  const role = `"${appRole.replaceAll('"', '""')}"`;
  await client.query('begin');
  try {
    await client.query(`select pg_advisory_xact_lock(hashtext('rollcall.queue_sequences'))`);
    await client.query(DROP_FOREIGN_SEQUENCES);
    for (const job of JOB_NAMES) await makeSequence(client, job);
    await client.query(`revoke create on schema bullmq from ${role}`);
    await client.query(`grant usage on schema bullmq to ${role}`);
    await client.query(`grant select, insert, update, delete on all tables in schema bullmq to ${role}`);
    await client.query(`grant usage, select on all sequences in schema bullmq to ${role}`);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}

/** An application that might create in the schema made the sequences of its queues itself; whoever owns the schema may drop them. */
const DROP_FOREIGN_SEQUENCES = `do $$
  declare
    name text;
  begin
    for name in select c.relname from pg_class c
      where c.relnamespace = 'bullmq'::regnamespace and c.relkind = 'S' and c.relname like 'bullmq\\_jid\\_%'
        and pg_get_userbyid(c.relowner) <> current_user
    loop
      execute format('drop sequence bullmq.%I', name);
    end loop;
  end $$`;

/** BullMQ makes the sequence of a queue with its first job, which only a role that may create in the schema can do. */
async function makeSequence(client: PgQueryable, job: JobName): Promise<void> {
  const { rows } = await client.query(
    `select bullmq.next_job_id($1::text) where to_regclass('bullmq.' || bullmq.job_id_seq_name($1::text)) is null`,
    [job],
  );
  if (rows.length === 0) return;
  // Above the jobs that wait: one of their ids would be taken for the same job.
  await client.query(
    `select setval(('bullmq.' || bullmq.job_id_seq_name($1::text))::regclass, greatest(1, max(id::bigint)))
     from bullmq.job where queue = $1 and id ~ '^[0-9]{1,18}$'`,
    [job],
  );
}
