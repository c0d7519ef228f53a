import type { EntityManager } from 'typeorm';
import { decideAll, decideSome } from '@rollcall/directory';
import type { HoldState } from '@rollcall/directory';
import type { HoldAction } from '@rollcall/contract';
import { lockCounter } from '@rollcall/pipeline-store';
import type { StoredDecision } from '@rollcall/pipeline-store';
import { notFound, runStatement } from '@rollcall/database';
import { publicId } from '@rollcall/platform';
import { directoryTarget } from '../audit/audit-target';
import { recordChange } from '../audit/record-change';
import type { Recorded, Writer } from '../audit/record-change';
import { requireDirectory } from '../directories/find-directory';
import type { DirectoryScope } from '../directories/find-directory';
import type { Waking } from '../wake/to-wake';
import { viewDeprovisioning } from './view-deprovisioning';
import type { DeprovisioningView } from './view-deprovisioning';

/** What is decided, and about whom. */
export interface HoldDecision {
  action: HoldAction;
  /** Bare ids; null: everyone who is held. Whoever is not held is passed over. */
  userIds: readonly string[] | null;
}

/**
 * Releases or discards held deprovisionings; a release of named users takes also those discarded before. The drain carries it
 * out in slices. When nobody is left undecided the hold ends, and the guard counts
 * afresh. Throws AppError `directory_not_found`.
 */
export async function decideDeprovisioning(
  writer: Writer,
  scope: DirectoryScope,
  { action, userIds }: HoldDecision,
): Promise<Waking<DeprovisioningView>> {
  return recordChange(writer, scope, async (manager): Promise<Recorded<Waking<DeprovisioningView>>> => {
    const { environmentId, organizationId, directoryId } = scope;
    const directory = await requireDirectory(manager, scope);
    const { deprovisioning } = await lockCounter(manager, directoryId);
    const started = userIds
      ? await applyToSome(manager, scope, deprovisioning, { action, userIds })
      : await applyToAll(manager, scope, deprovisioning, action);
    const view = (await viewDeprovisioning(manager, environmentId, [directoryId])).get(directoryId);
    if (!view) throw notFound('directory');
    if (!started) return { answer: { result: view, wake: {} }, entries: [] };
    const users = userIds ? userIds.map((id) => publicId('diruser', id)) : 'all who are held';
    return {
      answer: { result: view, wake: { directoryIds: [directoryId] } },
      entries: [
        {
          action: action === 'release' ? 'deprovisioning.released' : 'deprovisioning.discarded',
          target: directoryTarget(directory),
          organizationId,
          changes: { users: { from: null, to: users } },
        },
      ],
    };
  });
}

async function applyToAll(
  manager: EntityManager,
  scope: DirectoryScope,
  state: HoldState,
  action: HoldAction,
): Promise<boolean> {
  if (state.hold === null) return false;
  const { id: holdId } = state.hold;
  const changeId = await writeDecision(manager, scope.directoryId, { action, hold_id: holdId });
  await startJob(manager, scope, { changeId, holdId, action, total: state.counts.held });
  await store(manager, scope.directoryId, decideAll(state, changeId));
  return true;
}

/** The users named leave the hold for one of their own, which bears the id of the decision. Answers whether any was held. */
export async function applyToSome(
  manager: EntityManager,
  scope: DirectoryScope,
  state: HoldState,
  { action, userIds }: { action: HoldAction; userIds: readonly string[] },
): Promise<boolean> {
  const { directoryId } = scope;
  const undecided = `h.directory_id = $1 AND h.user_id = ANY ($2) AND (h.hold_id = $3 OR ($4 AND h.hold_id IS NULL))`;
  const params = [directoryId, userIds, state.hold?.id ?? null, action === 'release'];
  const { rows } = await runStatement<{ is_held: boolean }>(
    manager,
    `SELECT h.hold_id IS NOT NULL AS is_held FROM held_users h WHERE ${undecided}`,
    params,
  );
  if (rows.length === 0) return false;
  const changeId = await writeDecision(manager, directoryId, { action });
  await runStatement(manager, `UPDATE held_users h SET hold_id = $5 WHERE ${undecided}`, [...params, changeId]);
  await startJob(manager, scope, { changeId, holdId: changeId, action, total: rows.length });
  const held = rows.filter((row) => row.is_held).length;
  await store(manager, directoryId, decideSome(state, changeId, { held, discarded: rows.length - held }));
  return true;
}

/** The change row (outbox) that carries the decision out; returns its id. */
async function writeDecision(manager: EntityManager, directoryId: string, decision: StoredDecision): Promise<string> {
  const { rows } = await runStatement<{ id: string }>(
    manager,
    `INSERT INTO changes (directory_id, kind, resource_id, resource, occurred_at)
     VALUES ($1, 'deprovisioning_decided', $1, $2, date_trunc('milliseconds', clock_timestamp())) RETURNING id`,
    [directoryId, decision],
  );
  const [row] = rows;
  if (!row) throw new Error('The decision was not written.');
  return row.id;
}

async function startJob(
  manager: EntityManager,
  { environmentId, directoryId }: DirectoryScope,
  job: { changeId: string; holdId: string; action: HoldAction; total: number },
): Promise<void> {
  await runStatement(
    manager,
    `INSERT INTO deprovisioning_jobs (directory_id, environment_id, hold_id, change_id, action, total)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [directoryId, environmentId, job.holdId, job.changeId, job.action, job.total],
  );
}

async function store(manager: EntityManager, directoryId: string, state: HoldState): Promise<void> {
  await runStatement(manager, 'UPDATE directory_counters SET deprovisioning = $2 WHERE directory_id = $1', [
    directoryId,
    state,
  ]);
}
