import { publicId } from '@rollcall/platform';
import type { ImportStep, PlannedDirectory } from './plan-import';

/** A step as it is printed: nothing of a token. */
export interface StepLine {
  readonly action: 'create' | 'update';
  readonly what: string;
  readonly [detail: string]: unknown;
}

/** What a step does, for people and programs. */
export function describeStep(step: ImportStep): StepLine {
  const { what } = step;
  switch (step.kind) {
    case 'role':
      return { action: 'create', what, display_name: step.role.displayName };
    case 'default_role':
      return { action: 'update', what };
    case 'organization': {
      const { name, externalId, metadata, dirSync } = step.organization;
      const id = publicId('org', step.id);
      return { action: 'create', what, id, display_name: name, external_id: externalId, metadata, dir_sync: dirSync };
    }
    case 'adoption':
      return {
        action: 'update',
        what,
        id: publicId('org', step.id),
        external_ids: step.externalIds,
        ...(step.needsDirSync && { dir_sync: true }),
      };
    case 'directory': {
      const { name, provider, enabled } = step.directory;
      return { action: 'create', what, id: publicId('dir', step.id), name, directory_provider: provider, enabled };
    }
    case 'rules': {
      const { assignments, attributeMappings: attributes } = step.rules;
      const named = assignments?.map(({ group_id: id, role_name }) => ({
        group_id: publicId('dirgroup', id),
        role_name,
      }));
      return { action: 'update', what, ...(named && { assignments: named }), ...(attributes && { attributes }) };
    }
    case 'access':
      return { action: 'create', what, directory_id: publicId('dir', step.id), alias: step.alias };
  }
}

/** What becomes of a directory, and what is to be done about it by hand. */
export interface DirectoryLine {
  readonly organization: string;
  readonly source_id: string;
  readonly provider: string;
  readonly directory_id: string | null;
  readonly to_do: string;
}

/** Hosts of the services themselves, which lead nowhere else. */
const SERVICE_HOST = /(^|\.)(scalekit\.(com|dev|cloud)|workos\.com)$/;

/** @param publicUrl the base of this server's addresses */
export function describeDirectory(planned: PlannedDirectory, publicUrl: string): DirectoryLine {
  const { organization, directory, id, left } = planned;
  const again = left.length > 0 ? ` Set again: ${left.join(', ')}.` : '';
  return {
    organization: organization.name,
    source_id: directory.id,
    provider: directory.kind,
    directory_id: id && publicId('dir', id),
    to_do: `${describeToDo(planned, publicUrl)}${again}`,
  };
}

function describeToDo({ directory, id, keptAddress }: PlannedDirectory, publicUrl: string): string {
  if (id === null) return `Not imported: nobody sends to it over SCIM 2.0 (${directory.kind}). Set SCIM up anew.`;
  if (keptAddress === null) {
    return `Its administrator sets the base URL ${publicUrl}/scim/${id}/v2 and a new token, which a portal link gives.`;
  }
  if (SERVICE_HOST.test(keptAddress.hostname)) {
    return `Its administrator sets the base URL ${publicUrl}${keptAddress.pathname}; the token stays.`;
  }
  return `Nothing, once ${keptAddress.host} leads to this server.`;
}
