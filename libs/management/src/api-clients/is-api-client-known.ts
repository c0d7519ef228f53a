import type { DataSource } from 'typeorm';
import { callFunction, poolOf } from '@rollcall/database';

/** Whether a database has an API client, also one that was revoked or whose secrets have ended, before its environment is known. */
export async function isApiClientKnown(dataSource: DataSource, clientId: string): Promise<boolean> {
  return (await callFunction(poolOf(dataSource), 'find_api_client', [clientId])).length > 0;
}
