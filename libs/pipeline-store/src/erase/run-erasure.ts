import type { DataSource, EntityManager } from 'typeorm';
import { ERASED_KINDS } from '@rollcall/contract';
import type { ErasureCounts, JobState } from '@rollcall/contract';
import { Erasure, tenantTransaction } from '@rollcall/database';
import { eraseOrganizationStep } from './erase-organization';
import { erasePersonStep } from './erase-person';
import type { ErasureStep } from './erasure-step';
import type { ErasureKey } from './find-erasures';

/** Steps of one run: then it is another erasure's turn. */
const STEPS_MAX = 50;

/**
 * Takes an erasure further, in steps of one transaction each; each stores where the next one goes on. Returns the erasure as it then
 * is; null when it is not there, or another process is at it.
 * @param signal stops between two steps
 */
export async function runErasure(
  dataSource: DataSource,
  { environmentId, erasureId }: ErasureKey,
  signal?: AbortSignal,
): Promise<Erasure | null> {
  for (let steps = 1; ; steps++) {
    const { erasure, isMore } = await tenantTransaction(dataSource, { environmentId }, async (manager) => {
      const locked = await lockErasure(manager, environmentId, erasureId);
      if (!locked || locked.state === 'finished') return { erasure: locked, isMore: false };
      const step = await (locked.userId === '' ? eraseOrganizationStep : erasePersonStep)(manager, locked);
      return { erasure: await storeStep(manager, locked, step), isMore: step.outcome === 'more' };
    });
    if (!isMore || steps === STEPS_MAX || signal?.aborted) return erasure;
  }
}

/** One process at a time: the others pass it over. */
async function lockErasure(manager: EntityManager, environmentId: string, id: string): Promise<Erasure | null> {
  return manager.findOne(Erasure, {
    where: { environmentId, id },
    lock: { mode: 'pessimistic_write', onLocked: 'skip_locked' },
  });
}

async function storeStep(manager: EntityManager, erasure: Erasure, step: ErasureStep): Promise<Erasure> {
  const isDone = step.outcome === 'done';
  const state: JobState = isDone ? 'finished' : step.outcome === 'more' ? 'running' : erasure.state;
  const { environmentId, id } = erasure;
  await manager.update(
    Erasure,
    { environmentId, id },
    {
      state,
      counts: addCounts(erasure.counts, step.counts),
      position: step.position,
      ...(isDone && { finishTime: () => 'now()' }),
    },
  );
  return manager.findOneByOrFail(Erasure, { environmentId, id });
}

function addCounts(a: ErasureCounts, b: ErasureCounts): ErasureCounts {
  return Object.fromEntries(
    ERASED_KINDS.map((kind) => [kind, (a[kind] ?? 0) + (b[kind] ?? 0)] as const).filter(([, count]) => count > 0),
  );
}
