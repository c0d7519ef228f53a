import type { AttributeMapping, RoleAssignment, RulesImpact, RulesJob } from '@rollcall/sdk';
import { queryOptions } from '@tanstack/react-query';
import { directoryPath } from './portal-api';
import { pollPauseMs } from './poll-pause';
import { request } from './request';

/** Which group gives which role and how attributes are named, with the names that people know things by. */
export interface Mapping {
  may_map_roles: boolean;
  may_map_attributes: boolean;
  roles: { role_name: string; display_name: string; description: string | null; default_member: boolean }[];
  /** In order of precedence; a group that is gone has no name. */
  assignments: (RoleAssignment & { group_name: string | null })[];
  attributes: AttributeMapping[];
  rules_job: RulesJob | null;
}

/** How often a change that is being carried out is asked for. */
const POLL_MS = 2_000;

export function mappingQuery(directoryId: string) {
  return queryOptions({
    queryKey: ['directory', directoryId, 'mapping'],
    queryFn: async ({ signal }) => {
      const path = `${directoryPath(directoryId)}/mapping`;
      return (await request<{ mapping: Mapping }>('GET', path, { signal })).mapping;
    },
    retry: false,
    refetchInterval: (query) => {
      const job = query.state.data?.rules_job;
      return job && job.state !== 'finished' ? pollPauseMs(POLL_MS, query) : false;
    },
  });
}

/** What a change of rules would do. */
export function tryAssignments(directoryId: string, assignments: readonly RoleAssignment[]): Promise<RulesImpact> {
  return request('PUT', `${directoryPath(directoryId)}/groups/-/roles:assign`, {
    body: { assignments },
    query: { dry_run: true },
  });
}

export function saveAssignments(directoryId: string, assignments: readonly RoleAssignment[]): Promise<unknown> {
  return request('PUT', `${directoryPath(directoryId)}/groups/-/roles:assign`, { body: { assignments } });
}

export function tryAttributes(directoryId: string, attributes: readonly AttributeMapping[]): Promise<RulesImpact> {
  return request('PUT', `${directoryPath(directoryId)}/attributes`, {
    body: { attributes },
    query: { dry_run: true },
  });
}

export function saveAttributes(directoryId: string, attributes: readonly AttributeMapping[]): Promise<unknown> {
  return request('PUT', `${directoryPath(directoryId)}/attributes`, { body: { attributes } });
}
