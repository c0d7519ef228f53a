import { i18n, type MessageDescriptor } from '@lingui/core';
import { msg, plural, t } from '@lingui/core/macro';
import type { UserData } from '@rollcall/contract';
import type { UserExplanation } from '@rollcall/sdk';
import { lookUp } from '../../shared/format/look-up';
import { perLanguage } from '../../shared/language/per-language';

type Role = UserExplanation['roles'][number];

const list = perLanguage((language) => new Intl.ListFormat(language));

/** What gives a user a role, in words. */
export function describeRole({ source, groups, scim_path }: Role): string {
  const names = list().format(groups.map(({ name, id }) => name ?? id));
  const count = groups.length;
  switch (source) {
    case 'attribute': {
      const attribute = scim_path ?? 'roles';
      return count === 0
        ? t`sent in the attribute ${attribute}`
        : plural(
            { count },
            {
              one: `sent in the attribute ${attribute}, and given by the group ${names}`,
              other: `sent in the attribute ${attribute}, and given by the groups ${names}`,
            },
          );
    }
    case 'group':
      return plural({ count }, { one: `given by the group ${names}`, other: `given by the groups ${names}` });
    case 'default':
      return t`the default: no group or attribute gives another`;
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

/** Groups and roles are explained by themselves. */
type Field = Exclude<
  keyof UserData,
  | 'id'
  | 'organization_id'
  | 'directory_id'
  | 'groups'
  | 'roles'
  | 'custom_attributes'
  | 'raw_attributes'
  | 'external_ids'
>;

const FIELDS: Record<Field, MessageDescriptor> = {
  active: msg({ message: 'Active', context: 'user' }),
  address: msg({ message: 'Address', context: 'postal' }),
  cost_center: msg`Cost center`,
  department: msg`Department`,
  division: msg`Division`,
  dp_id: msg`External ID`,
  email: msg`Email`,
  emails: msg`Emails`,
  employee_id: msg`Employee ID`,
  family_name: msg`Family name`,
  given_name: msg`Given name`,
  language: msg({ message: 'Language', context: 'user' }),
  locale: msg`Locale`,
  manager: msg`Manager`,
  name: msg`Name`,
  nickname: msg`Nickname`,
  organization: msg({ message: 'Organization', context: 'user' }),
  phone_number: msg`Phone`,
  picture: msg`Picture`,
  preferred_username: msg`User name`,
  profile: msg({ message: 'Profile', context: 'web page' }),
  title: msg({ message: 'Title', context: 'job' }),
  user_type: msg`User type`,
  zoneinfo: msg`Time zone`,
};

/** A field's name in words: `given_name` → `Given name`; one of the application's own as it is. */
export function describeField(field: string): string {
  const label = lookUp(FIELDS, field);
  return label === undefined ? field.replace(/^custom_attributes\./, '') : i18n._(label);
}
