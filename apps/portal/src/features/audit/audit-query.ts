import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { polledIfNewest } from '../../shared/api/polled';
import { answerOf, api } from '../../shared/management-api/management-api';

const PAGE_SIZE = 50;
const POLL_MS = 15_000;

export const AUDIT_PATH = '/api/v1/audit_log';
export const AUDIT_FILTERS = ['action', 'actor_id', 'target_id', 'organization_id', 'from_time', 'to_time'] as const;
export type AuditFilters = Record<(typeof AUDIT_FILTERS)[number], string>;

export function auditQuery(filters: AuditFilters, pageToken: string) {
  return queryOptions({
    queryKey: ['audit-log', filters, pageToken],
    queryFn: ({ signal }) => {
      const query = { ...askedOf(filters), page_size: PAGE_SIZE, page_token: pageToken };
      return answerOf(api.GET(AUDIT_PATH, { params: { query }, signal }));
    },
    placeholderData: keepPreviousData,
    ...polledIfNewest(pageToken, POLL_MS),
  });
}

function askedOf(filters: AuditFilters): Record<string, string> {
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== ''));
}
