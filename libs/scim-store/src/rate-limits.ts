import type { Pool } from 'pg';
import type { OwnLimits, Spending } from '@rollcall/platform';
import { callFunction } from '@rollcall/database';

/** Tells what was spent of rate limits, and answers what is left of each in all processes. */
export async function settleRateLimits(pool: Pool, spendings: readonly Spending[]): Promise<Map<string, number>> {
  const rows = await callFunction<{ key: string; tokens: number }>(pool, 'settle_rate_limits', [
    spendings.map(({ key }) => key),
    spendings.map(({ spent }) => spent),
    spendings.map(({ perSecond }) => perSecond),
    spendings.map(({ burst }) => burst),
  ]);
  return new Map(rows.map(({ key, tokens }) => [key, tokens]));
}

/** The limits of their own that environments have, by the ids of directories and of environments that were asked for. */
export async function findOwnLimits(
  pool: Pool,
  { directoryIds, environmentIds }: { directoryIds: readonly string[]; environmentIds: readonly string[] },
): Promise<Map<string, OwnLimits>> {
  const rows = await callFunction<{ id: string; limits: string }>(pool, 'find_environment_limits', [
    directoryIds,
    environmentIds,
  ]);
  return new Map(rows.map(({ id, limits }) => [id, JSON.parse(limits) as OwnLimits]));
}
