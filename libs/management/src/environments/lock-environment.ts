import type { EntityManager } from 'typeorm';
import { Environment } from '@rollcall/database';

/**
 * An environment, its row locked until the transaction ends, so that of two changes of what it has the second sees the first. What
 * refers to the environment, as nearly all rows do, is written meanwhile (NO KEY).
 */
export async function lockEnvironment(manager: EntityManager, environmentId: string): Promise<Environment> {
  return manager.findOneOrFail(Environment, { where: { id: environmentId }, lock: { mode: 'for_no_key_update' } });
}
