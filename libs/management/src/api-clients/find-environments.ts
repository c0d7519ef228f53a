import type { DataSource } from 'typeorm';
import { notFound } from '@rollcall/database';

/** For commands on the server, whose connection is the owner's and sees every environment; ids are bare. */
export async function listEnvironments(dataSource: DataSource): Promise<{ id: string; name: string }[]> {
  return dataSource.query('SELECT id, name FROM environments ORDER BY id');
}

/** The environment of a client that was not revoked, by its `client_id`. Throws AppError `api_client_not_found`. */
export async function findEnvironmentOf(dataSource: DataSource, clientId: string): Promise<string> {
  const [row] = await dataSource.query<{ environment_id: string }[]>(
    'SELECT environment_id FROM api_clients WHERE client_id = $1 AND revoked_time IS NULL',
    [clientId],
  );
  if (!row) throw notFound('api_client');
  return row.environment_id;
}
