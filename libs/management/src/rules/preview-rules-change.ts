import type { DataSource } from 'typeorm';
import type { RulesChange } from '@rollcall/directory';
import { loadRules } from '@rollcall/pipeline-store';
import { tenantTransaction } from '@rollcall/database';
import { requireDirectory } from '../directories/find-directory';
import type { DirectoryScope } from '../directories/find-directory';
import { checkRulesChange } from './check-rules-change';
import { examineUsers } from './examine-users';
import type { RulesImpact } from './examine-users';

/** Says what a change of rules would do, and changes nothing. Throws the errors of `changeDirectoryRules`. */
export async function previewRulesChange(
  dataSource: DataSource,
  scope: DirectoryScope,
  change: RulesChange,
): Promise<RulesImpact> {
  return tenantTransaction(dataSource, scope, async (manager) => {
    await requireDirectory(manager, scope);
    await checkRulesChange(manager, scope, change);
    return examineUsers(manager, scope.directoryId, { ...(await loadRules(manager, scope)), ...change });
  });
}
