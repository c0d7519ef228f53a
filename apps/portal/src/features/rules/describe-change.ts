import type { Impact } from './rules-queries';

type Affected = Pick<Impact['sample'][number], 'roles' | 'custom_attributes' | 'previous_attributes'>;

/** How a user would change, a phrase for each: `roles: member → admin`, `team: none → Sales`. */
export function describeChange({
  roles,
  custom_attributes: custom,
  previous_attributes: previous,
}: Affected): string[] {
  const phrases: string[] = [];
  if ('roles' in previous) phrases.push(`roles: ${nameRoles(previous.roles)} → ${nameRoles(roles)}`);
  const { custom_attributes: before } = previous;
  if (typeof before === 'object' && before !== null) {
    for (const [key, value] of Object.entries(before)) phrases.push(`${key}: ${show(value)} → ${show(custom[key])}`);
  }
  return phrases;
}

function nameRoles(roles: unknown): string {
  const names = Array.isArray(roles)
    ? roles.flatMap((role: unknown) =>
        typeof role === 'object' && role !== null && 'role_name' in role ? [String(role.role_name)] : [],
      )
    : [];
  return names.length === 0 ? 'none' : names.join(', ');
}

function show(value: unknown): string {
  if (value === undefined || value === null) return 'none';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
