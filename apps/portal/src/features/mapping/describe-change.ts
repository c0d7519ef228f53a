import { t } from '@lingui/core/macro';
import type { RulesImpact } from '@rollcall/sdk';
import { lookUp } from '../../shared/format/look-up';

type Affected = RulesImpact['sample'][number];

/** What would become of a user, in one line: `roles: member → admin, member`. */
export function describeChange({ roles, custom_attributes, previous_attributes }: Affected): string {
  const parts: string[] = [];
  const { roles: rolesBefore, custom_attributes: attributesBefore } = previous_attributes;
  if (Array.isArray(rolesBefore))
    parts.push(t`roles: ${{ before: listRoles(rolesBefore) }} → ${{ after: listRoles(roles) }}`);
  if (typeof attributesBefore === 'object' && attributesBefore !== null) {
    for (const [name, before] of Object.entries(attributesBefore)) {
      const after = lookUp(custom_attributes, name);
      parts.push(t`${name}: ${{ before: toText(before) }} → ${{ after: toText(after) }}`);
    }
  }
  return parts.join('; ');
}

function listRoles(roles: readonly unknown[]): string {
  const names = roles.map((role) =>
    typeof role === 'object' && role !== null && 'role_name' in role ? String(role.role_name) : '',
  );
  return names.length === 0 ? t({ message: 'none', context: 'roles' }) : names.join(', ');
}

function toText(value: unknown): string {
  if (value === null || value === undefined) return t({ message: 'nothing', context: 'value' });
  return typeof value === 'string' ? value : JSON.stringify(value);
}
