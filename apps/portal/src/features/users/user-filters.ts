import { t } from '@lingui/core/macro';
import { HOUR_MS, MINUTE_MS } from '../../shared/format/time-units';
import { activeParameter } from '../../shared/format/activity-filter';

/** How the lists of users and members are narrowed and ordered, by the names that the URL has for it. */
export const USER_FILTERS = ['status', 'group', 'role', 'since', 'sort'] as const;
type UserFilterName = (typeof USER_FILTERS)[number];
export type UserFilters = Readonly<Record<UserFilterName, string>>;

const SORTS = ['name', '-name', 'email', '-email', 'updated', '-updated'];

/** The parameters of the API for what the URL asks for; what it cannot ask for is left out. */
export function userParameters(filters: Partial<UserFilters>): Record<string, string> {
  const { status = '', group = '', role = '', since = '', sort = '' } = filters;
  return {
    active: activeParameter(status),
    directory_group_id: /^dirgroup_[0-9a-z]+$/.test(group) ? group : '',
    role_name: role,
    updated_after: Number.isNaN(Date.parse(since)) ? '' : new Date(since).toISOString(),
    sort: SORTS.includes(sort) ? sort : '',
  };
}

/** Whether a list shows less than everybody. */
export function isNarrowed(filters: Partial<UserFilters>): boolean {
  const { sort: _, ...narrowing } = userParameters(filters);
  return Object.values(narrowing).some((value) => value !== '');
}

/** The times since which something may have changed, as they are now, and the one that is chosen. */
export function sinceChoices(
  chosen: string,
  now: Date,
  write: (time: string) => string,
): { value: string; label: string }[] {
  const ago = (ms: number) => new Date(Math.floor((now.getTime() - ms) / MINUTE_MS) * MINUTE_MS).toISOString();
  const presets = [
    { value: '', label: t`Any time` },
    { value: ago(HOUR_MS), label: t`In the last hour` },
    { value: ago(24 * HOUR_MS), label: t`In the last 24 hours` },
    { value: ago(7 * 24 * HOUR_MS), label: t`In the last 7 days` },
    { value: ago(30 * 24 * HOUR_MS), label: t`In the last 30 days` },
  ];
  const isKnown = chosen === '' || Number.isNaN(Date.parse(chosen)) || presets.some(({ value }) => value === chosen);
  return isKnown ? presets : [...presets, { value: chosen, label: t`Since ${{ time: write(chosen) }}` }];
}
