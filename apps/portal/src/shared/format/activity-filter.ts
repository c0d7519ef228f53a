import { t } from '@lingui/core/macro';

/** By which a list of users is narrowed to those who are active, or are not. */
export function activityChoices() {
  return [
    { value: '', label: t({ message: 'All', context: 'users' }) },
    { value: 'active', label: t({ message: 'Active', context: 'users' }) },
    { value: 'inactive', label: t({ message: 'Inactive', context: 'users' }) },
  ] as const;
}

/** The API's parameter `active` for a status that the URL asks for; '' for one that there is not. */
export function activeParameter(status: string): '' | 'true' | 'false' {
  if (status === 'active') return 'true';
  return status === 'inactive' ? 'false' : '';
}
