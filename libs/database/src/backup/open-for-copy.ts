import { DataSource } from 'typeorm';
import type { QueryRunner } from 'typeorm';
import type { ClientBase } from 'pg';
import { dataSourceOptions } from '../connect-database';
import type { migrations } from '../migrations';
import { connectAsOwner } from '../open-as-owner';

/** What decides how COPY writes values as text, and that nothing ends a copy which takes hours. */
const SETTINGS = `SET datestyle = 'ISO, YMD'; SET intervalstyle = 'postgres'; SET extra_float_digits = 1;
  SET bytea_output = 'hex'; SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; SET lock_timeout = '30s';
  SET enable_seqscan = on`;

/**
 * A connected data source of the owner whose connections copy whole tables; whoever gets it destroys it. Throws AppError
 * `owner_refused` when the server gives no connection.
 * @param known the migrations that it may run
 */
export async function openForCopy(
  ownerUrl: string,
  { applicationName, known, poolSize = 2 }: { applicationName: string; known?: typeof migrations; poolSize?: number },
): Promise<DataSource> {
  const options = dataSourceOptions({ url: ownerUrl, applicationName, everyTenant: true, poolSize });
  // A copy has the connection for itself: no statement may be on its way behind it.
  const extra = { ...options.extra, pipeline: false };
  return connectAsOwner(new DataSource({ ...options, ...(known && { migrations: known }), extra }));
}

/** The connection under a query runner, set for copying. */
export async function copyConnection(runner: QueryRunner): Promise<ClientBase> {
  const client = (await runner.connect()) as ClientBase;
  await client.query(SETTINGS);
  return client;
}

/** A class `c` of the schema public that is no part of an extension. */
export const IN_PUBLIC = `c.relnamespace = 'public'::regnamespace
  AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')`;
