import { parseId } from '@rollcall/platform';
import type { DataSource } from '@rollcall/database';
import { changeDirectoryRules, previewRulesChange } from '@rollcall/management';
import type { DirectoryScope, Writer } from '@rollcall/management';
import { answerAndWake } from '../../http/wake-workers.interceptor';
import { renderAttributeMapping, renderRulesJob } from '../directories/render-directory';
import { renderImpact } from './render-impact';
import type { AssignRolesBody, AttributeMappingsAnswer, MapAttributesBody, RoleAssignmentsAnswer } from './rules.dto';

/** How rules are changed: by whom, or only tried. */
interface Change {
  dataSource: DataSource;
  writer: Writer;
  /** Tells what the change would do, and does nothing. */
  dryRun?: boolean;
}

/** Gives roles to the users of groups, for an app owner and an organization's admin alike. */
export async function answerAssignments(
  { dataSource, writer, dryRun }: Change,
  scope: DirectoryScope,
  { assignments }: AssignRolesBody,
) {
  const change = {
    assignments: assignments.map(({ group_id, role_name }) => ({
      group_id: parseId('dirgroup', group_id) ?? '',
      role_name,
    })),
  };
  if (dryRun) return renderImpact(await previewRulesChange(dataSource, scope, change));
  return answerAndWake(await changeDirectoryRules(writer, scope, change), (job): RoleAssignmentsAnswer => ({
    assignments: assignments.map(({ group_id, role_name }) => ({ group_id, role_name })),
    rules_job: job && renderRulesJob(job),
  }));
}

/** Names SCIM attributes in custom_attributes, likewise. */
export async function answerMappings(
  { dataSource, writer, dryRun }: Change,
  scope: DirectoryScope,
  { attributes }: MapAttributesBody,
) {
  const attributeMappings = attributes.map(renderAttributeMapping);
  if (dryRun) return renderImpact(await previewRulesChange(dataSource, scope, { attributeMappings }));
  return answerAndWake(
    await changeDirectoryRules(writer, scope, { attributeMappings }),
    (job): AttributeMappingsAnswer => ({ attributes: attributeMappings, rules_job: job && renderRulesJob(job) }),
  );
}
