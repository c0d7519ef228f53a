import type { EntityManager } from 'typeorm';
import { runStatement } from './run-statement';

/** PostgreSQL's clock, which also decides whether a token is accepted. */
export async function readNow(manager: EntityManager): Promise<Date> {
  const { rows } = await runStatement<{ now: Date }>(manager, 'SELECT now() AS now');
  return rows[0]?.now ?? new Date();
}
