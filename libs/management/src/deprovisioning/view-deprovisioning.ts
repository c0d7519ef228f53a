import { In } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { NOTHING_HELD } from '@rollcall/directory';
import type { HoldState } from '@rollcall/directory';
import type { HoldAction } from '@rollcall/contract';
import type { DeprovisionGuard } from '@rollcall/events';
import { DirectoryCounter, runStatement } from '@rollcall/database';

/** The deprovision guard of a directory, and what it holds. */
export interface DeprovisioningView {
  /** Null: switched off. */
  guard: DeprovisionGuard | null;
  hold: HoldState['hold'];
  counts: HoldState['counts'];
  /** The newest decision; null before the first. */
  job: DecisionJob | null;
}

/** How far a decision has been carried out. */
export interface DecisionJob {
  action: HoldAction;
  state: 'pending' | 'running' | 'finished';
  total: number;
  done: number;
  createTime: Date;
  finishTime: Date | null;
}

/** What the guards of some directories of one environment hold, by directory. */
export async function viewDeprovisioning(
  manager: EntityManager,
  environmentId: string,
  directoryIds: readonly string[],
): Promise<Map<string, DeprovisioningView>> {
  const counters = await manager.findBy(DirectoryCounter, { environmentId, directoryId: In([...directoryIds]) });
  const jobs = await readNewestJobs(manager, environmentId, directoryIds);
  return new Map(
    counters.map(({ directoryId, deprovisionGuard: guard, deprovisioning }) => {
      const { hold, counts } = deprovisioning ?? NOTHING_HELD;
      return [directoryId, { guard, hold, counts, job: jobs.get(directoryId) ?? null }];
    }),
  );
}

async function readNewestJobs(
  manager: EntityManager,
  environmentId: string,
  directoryIds: readonly string[],
): Promise<Map<string, DecisionJob>> {
  const { rows } = await runStatement<
    Pick<DecisionJob, 'action' | 'state'> & {
      directory_id: string;
      total: string;
      done: string;
      create_time: Date;
      finish_time: Date | null;
    }
  >(
    manager,
    `SELECT DISTINCT ON (directory_id) directory_id, action, state, total, done, create_time, finish_time
     FROM deprovisioning_jobs WHERE environment_id = $1 AND directory_id = ANY ($2) ORDER BY directory_id, change_id DESC`,
    [environmentId, directoryIds],
  );
  return new Map(
    rows.map(({ directory_id: directoryId, action, state, total, done, create_time: createTime, finish_time }) => [
      directoryId,
      { action, state, total: Number(total), done: Number(done), createTime, finishTime: finish_time },
    ]),
  );
}
