import type { DataSource, EntityManager } from 'typeorm';
import { previewRules } from '@rollcall/events';
import type { AssignmentRules, RulesPreview, UserData } from '@rollcall/events';
import { loadRules } from '../../rules/load-rules';
import { tenantTransaction } from '../../tenant-transaction';
import { requireDirectory } from '../directories/find-directory';
import type { DirectoryScope } from '../directories/find-directory';
import { runStatement } from '../run-statement';
import { checkRulesChange } from './change-rules';
import type { RulesChange } from './change-rules';

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

/** Applies a change of rules to no one and tells what it would do. Throws the errors of `changeRules`. */
export async function previewRulesChange(
  dataSource: DataSource,
  scope: DirectoryScope,
  change: RulesChange,
): Promise<RulesImpact> {
  return tenantTransaction(dataSource, scope, async (manager) => {
    await requireDirectory(manager, scope);
    await checkRulesChange(manager, scope, change);
    const rules: AssignmentRules = { ...(await loadRules(manager, scope)), ...change };
    const impact: RulesImpact = { usersAffected: 0, usersExamined: 0, complete: false, sample: [] };
    let slice = await readPublishedUsers(manager, scope, '');
    while (slice.length > 0 && impact.usersExamined < USERS_MAX) {
      const affected = slice.flatMap(({ data }) => previewRules(JSON.parse(data) as UserData, rules) ?? []);
      impact.usersExamined += slice.length;
      impact.usersAffected += affected.length;
      impact.sample.push(...affected.slice(0, SAMPLE_MAX - impact.sample.length));
      slice = await readPublishedUsers(manager, scope, slice.at(-1)?.id ?? '');
    }
    impact.complete = slice.length === 0;
    return impact;
  });
}

async function readPublishedUsers(
  manager: EntityManager,
  { directoryId }: DirectoryScope,
  after: string,
): Promise<{ id: string; data: string }[]> {
  const { rows } = await runStatement<{ id: string; data: string }>(
    manager,
    `SELECT id, data FROM published_users WHERE directory_id = $1 AND id > $2 ORDER BY id LIMIT ${SLICE}`,
    [directoryId, after],
  );
  return rows;
}
