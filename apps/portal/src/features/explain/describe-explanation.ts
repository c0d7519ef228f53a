import type { UserExplanation } from '@rollcall/sdk';

type Role = UserExplanation['roles'][number];

/** What gives a user a role, in words. */
export function describeRole({ source, groups, scim_path }: Role): string {
  const names = groups.map(({ name, id }) => name ?? id).join(', ');
  switch (source) {
    case 'attribute':
      return `sent in the attribute ${scim_path ?? 'roles'}${names === '' ? '' : `, and given by the group ${names}`}`;
    case 'group':
      return `given by the group ${names}`;
    case 'default':
      return 'the default: no group or attribute gives another';
    default:
      return source satisfies never;
  }
}

/** A normalized value as one line. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'string') return value;
  return JSON.stringify(value);
}

/** A field's name in words: `given_name` → `Given name`. */
export function describeField(field: string): string {
  const [, custom] = /^custom_attributes\.(.+)$/.exec(field) ?? [];
  if (custom !== undefined) return custom;
  if (field === 'dp_id') return 'External ID';
  const words = field.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
