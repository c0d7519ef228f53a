import type { RequestFilter } from '../../shared/api/request-log';

/** What the log shows: which requests, and from where. */
export interface RequestPosition {
  filter: RequestFilter;
  /** '' = the newest. */
  pageToken: string;
}

export const OUTCOMES = ['changed', 'unchanged', 'read', 'refused', 'failed'] as const;
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

/** Reads it from a URL; what does not make sense is left out. */
export function readRequestPosition(parameters: URLSearchParams): RequestPosition {
  const read = (name: string) => parameters.get(name) ?? '';
  const outcome = OUTCOMES.find((one) => one === read('outcome')) ?? '';
  const method = METHODS.find((one) => one === read('method')) ?? '';
  const status = /^[1-5]\d\d$/.test(read('status')) ? read('status') : '';
  const resource = /^dir(?:user|group)_[0-9a-z]{26}$/.test(read('resource')) ? read('resource') : '';
  const user = read('user_name').trim().slice(0, 256);
  return { filter: { outcome, method, status, user, resource }, pageToken: read('page_token') };
}

/** The URL's parameters with it; others stay, defaults are left out. */
export function writeRequestPosition(
  parameters: URLSearchParams,
  { filter, pageToken }: RequestPosition,
): URLSearchParams {
  const next = new URLSearchParams(parameters);
  const { outcome, method, status, user, resource } = filter;
  const values = { outcome, method, status, user_name: user, resource, page_token: pageToken };
  for (const [name, value] of Object.entries(values)) {
    if (value === '') next.delete(name);
    else next.set(name, value);
  }
  return next;
}

/** Whether anything is left out. */
export function isFiltered({ outcome, method, status, user, resource }: RequestFilter): boolean {
  return [outcome, method, status, user, resource].some((value) => value !== '');
}
