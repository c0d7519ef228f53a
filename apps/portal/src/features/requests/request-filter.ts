import { REQUEST_OUTCOMES } from '@rollcall/contract';
import type { RequestFilter } from '../../shared/api/request-log';

/** By what the log is narrowed, under the names that the URL has for it. */
export const REQUEST_FILTERS = ['outcome', 'method', 'status', 'user_name', 'resource'] as const;

export const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
export const STATUSES = [
  '200',
  '201',
  '204',
  '400',
  '401',
  '403',
  '404',
  '409',
  '412',
  '413',
  '429',
  '500',
  '503',
] as const;

/** What the URL asks for; what does not make sense is left out. */
export function readRequestFilter(asked: Readonly<Record<(typeof REQUEST_FILTERS)[number], string>>): RequestFilter {
  return {
    outcome: REQUEST_OUTCOMES.find((one) => one === asked.outcome) ?? '',
    method: METHODS.find((one) => one === asked.method) ?? '',
    status: /^[1-5]\d\d$/.test(asked.status) ? asked.status : '',
    user: asked.user_name.trim().slice(0, 256),
    resource: /^dir(?:user|group)_[0-9a-z]{26}$/.test(asked.resource) ? asked.resource : '',
  };
}

/** Whether anything is left out. */
export function isNarrowed(filter: RequestFilter): boolean {
  return Object.values(filter).some((value) => value !== '');
}
