import type { AttributeMapping, DirectoryMapping, RoleAssignment, RulesImpact } from '@rollcall/sdk';
import { queryOptions } from '@tanstack/react-query';
import { directoryPath } from './portal-api';
import { pollPauseMs } from './poll-pause';
import { request } from './request';

/** How often the rules are asked for, which somebody else may change, and a change of them that is being carried out. */
const POLL_MS = 10_000;
const POLL_JOB_MS = 2_000;

/** Which group gives which role and how attributes are named, with the names that people know things by. */
export function mappingQuery(directoryId: string) {
  return queryOptions({
    queryKey: ['directory', directoryId, 'mapping'],
    queryFn: async ({ signal }) => {
      const path = `${directoryPath(directoryId)}/mapping`;
      return (await request<{ mapping: DirectoryMapping }>('GET', path, { signal })).mapping;
    },
    retry: false,
    refetchInterval: (query) => {
      const job = query.state.data?.rules_job;
      return pollPauseMs(job && job.state !== 'finished' ? POLL_JOB_MS : POLL_MS, query);
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
