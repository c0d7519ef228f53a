import type { EntityManager } from 'typeorm';
import { compileRules, previewRules, readPublishedUser } from '@rollcall/events';
import type { AssignmentRules, RulesPreview } from '@rollcall/events';
import { runStatement } from '@rollcall/database';

/** Users read at a time, and in all before the rest is left out. */
const SLICE = 500;
const USERS_MAX = 100_000;
const SAMPLE_MAX = 10;

/** What a change of rules would do to the users as they are published now. */
export interface RulesImpact {
  /** Users who would change; each gives one event. */
  usersAffected: number;
  usersExamined: number;
  /** Whether all users were examined. */
  complete: boolean;
  /** The first of those who would change. */
  sample: RulesPreview[];
}

export const NO_IMPACT: RulesImpact = { usersAffected: 0, usersExamined: 0, complete: true, sample: [] };

/** Adds to `before` what the rules would do to the users of one more directory, which is the transaction's tenant. */
export async function examineUsers(
  manager: EntityManager,
  directoryId: string,
  rules: AssignmentRules,
  before: RulesImpact = NO_IMPACT,
): Promise<RulesImpact> {
  const impact = { ...before, sample: [...before.sample] };
  const compiled = compileRules(rules);
  let slice = await readPublishedUsers(manager, directoryId, '');
  while (slice.length > 0 && impact.usersExamined < USERS_MAX) {
    const affected = slice.flatMap(({ data }) => previewRules(readPublishedUser(data), compiled) ?? []);
    impact.usersExamined += slice.length;
    impact.usersAffected += affected.length;
    impact.sample.push(...affected.slice(0, SAMPLE_MAX - impact.sample.length));
    slice = await readPublishedUsers(manager, directoryId, slice.at(-1)?.id ?? '');
  }
  return { ...impact, complete: impact.complete && slice.length === 0 };
}

async function readPublishedUsers(
  manager: EntityManager,
  directoryId: string,
  after: string,
): Promise<{ id: string; data: string }[]> {
  const { rows } = await runStatement<{ id: string; data: string }>(
    manager,
    `SELECT id, data FROM published_users WHERE directory_id = $1 AND id > $2 ORDER BY id LIMIT ${SLICE}`,
    [directoryId, after],
  );
  return rows;
}
