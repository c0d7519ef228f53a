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

/** A normalized value as one line; of lists and groups of values what stands in them. */
export function describeValue(value: unknown): string {
  if (Array.isArray(value)) return value.map(describeValue).join(', ') || NOTHING;
  if (typeof value === 'object' && value !== null) return describeParts(value);
  if (value === null || value === undefined || value === '') return NOTHING;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

export const NOTHING = '–';

function describeParts(value: object): string {
  if ('value' in value && value.value !== null) return describeValue(value.value);
  const parts = Object.values(value).map(describeValue);
  return [...new Set(parts)].filter((part) => part !== NOTHING).join(', ') || NOTHING;
}

/** A field's name in words: `given_name` → `Given name`. */
export function describeField(field: string): string {
  const [, custom] = /^custom_attributes\.(.+)$/.exec(field) ?? [];
  if (custom !== undefined) return custom;
  if (field === 'dp_id') return 'External ID';
  const words = field.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
