import type { DataSource } from 'typeorm';
import type { RefusalCount } from '@rollcall/directory';
import { callFunction, poolOf } from '@rollcall/database';

/** What an identity provider was refused at a directory (bare id), for one reason. */
export interface CountedRefusal extends RefusalCount {
  directoryId: string;
  /** Whether a token of the form that this server gives out was among them. */
  isToken: boolean;
}

/**
 * Adds to what identity providers were refused, with one statement, before anybody's tenant is known. What names no directory is
 * written nowhere. Returns the ids of those that there are.
 */
export async function writeRefusals(dataSource: DataSource, refusals: readonly CountedRefusal[]): Promise<string[]> {
  const counted = refusals.map(({ directoryId, reason, status, scimType, isToken, count, firstTime, lastTime }) => ({
    directory_id: directoryId,
    reason,
    status,
    scim_type: scimType,
    is_token: isToken,
    count,
    first_time: firstTime,
    last_time: lastTime,
  }));
  const rows = await callFunction<{ directory_id: string }>(poolOf(dataSource), 'record_refusals', [
    JSON.stringify(counted),
  ]);
  return rows.map(({ directory_id }) => directory_id);
}
