import type { Directory, RoleAssignment } from '@rollcall/sdk';
import { saveAssignments, tryAssignments, type Mapping } from '../../shared/api/mapping-api';
import { theApp, theVendor } from '../../shared/branding/app-name';
import { shownName } from '../../shared/format/shown-name';
import { Button, IconButton } from '../../shared/ui/button';
import { Card } from '../../shared/ui/card';
import { ForeignText } from '../../shared/ui/foreign-text';
import { GroupPicker } from '../../shared/ui/group-picker';
import { SelectField } from '../../shared/ui/select-field';
import { DraftFooter } from './draft-footer';
import { useRulesDraft } from './use-rules-draft';
import styles from './mapping.module.css';

type Assignment = Mapping['assignments'][number];

interface RoleRulesProps {
  directory: Pick<Directory, 'id'>;
  mapping: Mapping;
}

/** Which group gives which role of the app: to be seen, and to be set by whom the app owner lets. */
export function RoleRules({ directory, mapping }: RoleRulesProps) {
  const { assignments: saved, may_map_roles: mayChange, roles } = mapping;
  const draft = useRulesDraft<Assignment>({
    directoryId: directory.id,
    saved,
    tryOut: (rules) => tryAssignments(directory.id, rules.map(toInput)),
    save: (rules) => saveAssignments(directory.id, rules.map(toInput)),
  });
  const { rules, change } = draft;
  const fallback = roles.find((role) => role.default_member);
  const canAdd = mayChange && roles.length > 0;
  return (
    <Card
      title="Roles by group"
      lead={
        fallback
          ? `Members of a group get its role in ${theApp()}. Whom no group gives one is ${fallback.display_name}.`
          : `Members of a group get its role in ${theApp()}. Whom no group gives one has none.`
      }
      actions={canAdd && <AddAssignment directoryId={directory.id} mapping={mapping} rules={rules} onAdd={change} />}
    >
      {rules.length === 0 ? (
        <p className={styles.hint}>{canAdd ? 'No group gives a role yet.' : noneYet(mapping)}</p>
      ) : (
        <ol className={styles.rules} aria-label="Roles by group">
          {rules.map((rule, at) => (
            <AssignmentRow
              key={`${rule.group_id} ${rule.role_name}`}
              rule={rule}
              mapping={mapping}
              onChange={mayChange ? (next) => change(replaceAt(rules, at, next)) : undefined}
              onUp={mayChange && at > 0 ? () => change(swap(rules, at - 1)) : undefined}
            />
          ))}
        </ol>
      )}
      {rules.length > 1 && <p className={styles.hint}>Who is in several groups gets all their roles, in this order.</p>}
      <DraftFooter draft={draft} problem={hasRepeats(rules) ? 'A group can give each role once.' : null} />
    </Card>
  );
}

function noneYet({ may_map_roles: mayChange }: Mapping): string {
  if (mayChange)
    return `There are no roles yet. Ask ${theVendor()} to create them; then choose here which group gives which.`;
  return `No group gives a role. Ask ${theVendor()} to set one.`;
}

interface AddAssignmentProps {
  directoryId: string;
  mapping: Mapping;
  rules: readonly Assignment[];
  onAdd: (rules: readonly Assignment[]) => void;
}

function AddAssignment({ directoryId, mapping, rules, onAdd }: AddAssignmentProps) {
  return (
    <GroupPicker
      directoryId={directoryId}
      label="Add a group"
      placeholder="Choose…"
      chosen={null}
      onChoose={(group) => {
        if (!group) return;
        const taken = new Set(rules.filter(({ group_id }) => group_id === group.id).map(({ role_name }) => role_name));
        const role = mapping.roles.find(({ role_name }) => !taken.has(role_name)) ?? mapping.roles[0];
        if (!role) return;
        onAdd([...rules, { group_id: group.id, group_name: group.display_name, role_name: role.role_name }]);
      }}
    />
  );
}

interface AssignmentRowProps {
  rule: Assignment;
  mapping: Mapping;
  /** Null takes it away; absent: it can only be seen. */
  onChange?: (rule: Assignment | null) => void;
  onUp?: () => void;
}

function AssignmentRow({ rule, mapping, onChange, onUp }: AssignmentRowProps) {
  const name = shownName(rule.group_name, rule.group_id);
  const roles = mapping.roles.map(({ role_name, display_name }) => ({ value: role_name, label: display_name }));
  const role = roles.find(({ value }) => value === rule.role_name);
  return (
    <li className={styles.rule}>
      <span className={styles.from}>
        <ForeignText text={rule.group_name === null ? `${name} (deleted)` : name} />
      </span>
      {onChange ? (
        <>
          <SelectField
            label={`Role of ${name}`}
            isLabelHidden
            choices={role ? roles : [...roles, { value: rule.role_name, label: rule.role_name }]}
            value={rule.role_name}
            onChange={(role_name) => onChange({ ...rule, role_name })}
          />
          <Button tone="quiet" aria-label={`Move ${name} up`} unavailable={!onUp} onClick={onUp}>
            Up
          </Button>
          <IconButton icon="close" label={`Remove ${name}`} onClick={() => onChange(null)} />
        </>
      ) : (
        <span className={styles.to}>{role?.label ?? rule.role_name}</span>
      )}
    </li>
  );
}

function toInput({ group_id, role_name }: Assignment): RoleAssignment {
  return { group_id, role_name };
}

function replaceAt(rules: readonly Assignment[], at: number, next: Assignment | null): Assignment[] {
  return rules.flatMap((rule, index) => (index === at ? (next ?? []) : rule));
}

function swap(rules: readonly Assignment[], at: number): Assignment[] {
  return [...rules.slice(0, at), ...rules.slice(at, at + 2).toReversed(), ...rules.slice(at + 2)];
}

function hasRepeats(rules: readonly Assignment[]): boolean {
  return new Set(rules.map(({ group_id, role_name }) => `${group_id} ${role_name}`)).size < rules.length;
}
