/** By which a list of users is narrowed to those who are active, or are not. */
export const ACTIVITY_CHOICES = [
  { value: '', label: 'All' },
  { value: 'active', label: 'Active' },
  { value: 'inactive', label: 'Inactive' },
] as const;

/** The API's parameter `active` for a status that the URL asks for; '' for one that there is not. */
export function activeParameter(status: string): '' | 'true' | 'false' {
  if (status === 'active') return 'true';
  return status === 'inactive' ? 'false' : '';
}
