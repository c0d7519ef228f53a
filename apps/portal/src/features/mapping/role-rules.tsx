import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import type { MouseEvent } from 'react';
import type { DirectoryMapping, RoleAssignment } from '@rollcall/sdk';
import { flushSync } from 'react-dom';
import { saveAssignments, tryAssignments } from '../../shared/api/mapping-api';
import { theApp } from '../../shared/branding/app-name';
import { shownName } from '../../shared/format/shown-name';
import { Button, IconButton } from '../../shared/ui/button';
import { Card } from '../../shared/ui/card';
import { ForeignText } from '../../shared/ui/foreign-text';
import { GroupPicker } from '../../shared/ui/group-picker';
import { SelectField } from '../../shared/ui/select-field';
import { DraftFooter } from './draft-footer';
import { addRow, moveRow, setRow, type DraftRows } from './draft-rows';
import { useRulesDraft } from './use-rules-draft';
import styles from './mapping.module.css';

type Assignment = DirectoryMapping['assignments'][number];
type Role = DirectoryMapping['roles'][number];

interface RoleRulesProps {
  directoryId: string;
  mapping: DirectoryMapping;
  mayChange: boolean;
  /** Who sets what the reader may not; absent where that is nobody else. */
  whomToAsk?: string;
}

/** Which group gives which role of the app: to be seen, and to be set by who may. */
export function RoleRules({ directoryId, mapping, mayChange, whomToAsk }: RoleRulesProps) {
  const { roles } = mapping;
  const draft = useRulesDraft({
    directoryId,
    mapping,
    rulesOf: ({ assignments }) => assignments,
    toInput,
    tryOut: tryAssignments,
    save: saveAssignments,
  });
  const { rows, change } = draft;
  const canAdd = mayChange && roles.length > 0;
  return (
    <Card
      title={t`Roles by group`}
      lead={describeRoles(roles)}
      actions={canAdd && <AddAssignment directoryId={directoryId} roles={roles} rows={rows} onAdd={change} />}
    >
      {rows.length === 0 ? (
        <p className={styles.hint}>{canAdd ? t`No group gives a role yet.` : noneYet(mayChange, whomToAsk)}</p>
      ) : (
        <>
          <ol className={styles.rules} aria-label={t`Roles by group`}>
            {rows.map(({ row, rule }, index) => (
              <AssignmentRow
                key={row}
                rule={rule}
                roles={roles}
                isFirst={index === 0}
                isLast={index === rows.length - 1}
                edit={
                  mayChange && {
                    onChange: (next) => change(setRow(rows, row, next)),
                    onMove: (by) => change(moveRow(rows, row, by)),
                  }
                }
              />
            ))}
          </ol>
          <p className={styles.hint}>
            <Trans>
              Who is in several groups has all their roles, in this order. Roles that the identity provider sends come
              first.
            </Trans>
          </p>
        </>
      )}
      <DraftFooter draft={draft} problem={hasRepeats(rows) ? t`A group can give each role once.` : null} />
    </Card>
  );
}

function describeRoles(roles: readonly Role[]): string {
  const app = theApp();
  const role = roles.find(({ default_member: isDefault }) => isDefault)?.display_name;
  if (role === undefined) return t`Members of a group get its role in ${app}. Who is given none has no role.`;
  return t`Members of a group get its role in ${app}. Who is given none has the role ${role}.`;
}

function noneYet(mayChange: boolean, vendor: string | undefined): string {
  if (vendor === undefined) {
    return mayChange
      ? t`There are no roles yet. Create one first; then choose here which group gives which.`
      : t`No group gives a role.`;
  }
  return mayChange
    ? t`There are no roles yet. Ask ${vendor} to create them; then choose here which group gives which.`
    : t`No group gives a role. Ask ${vendor} to set one.`;
}

interface AddAssignmentProps {
  directoryId: string;
  roles: readonly Role[];
  rows: DraftRows<Assignment>;
  onAdd: (rows: DraftRows<Assignment>) => void;
}

/** Adds a group with a role that it does not give yet; the role is chosen in its row. */
function AddAssignment({ directoryId, roles, rows, onAdd }: AddAssignmentProps) {
  return (
    <GroupPicker
      directoryId={directoryId}
      label={t`Add a group`}
      placeholder={t`Choose…`}
      chosen={null}
      onChoose={(group) => {
        if (!group) return;
        const given = rows.flatMap(({ rule }) => (rule.group_id === group.id ? [rule.role_name] : []));
        const role = roles.find(({ role_name }) => !given.includes(role_name)) ?? roles[0];
        if (!role) return;
        onAdd(addRow(rows, { group_id: group.id, group_name: group.display_name, role_name: role.role_name }));
      }}
    />
  );
}

interface AssignmentRowProps {
  rule: Assignment;
  roles: readonly Role[];
  isFirst: boolean;
  isLast: boolean;
  /** False: it can only be seen. */
  edit: false | { onChange: (rule: Assignment | null) => void; onMove: (by: -1 | 1) => void };
}

function AssignmentRow({ rule, roles, isFirst, isLast, edit }: AssignmentRowProps) {
  const name = shownName(rule.group_name, rule.group_id);
  const choices = roles.map(({ role_name, display_name }) => ({ value: role_name, label: display_name }));
  const choice = choices.find(({ value }) => value === rule.role_name) ?? {
    value: rule.role_name,
    label: rule.role_name,
  };
  // A group may give several roles: what is pressed says which is meant.
  const role = choice.label;
  return (
    <li className={styles.rule}>
      <span className={styles.from}>
        <ForeignText text={rule.group_name === null ? t`${name} (deleted)` : name} />
      </span>
      {edit ? (
        <>
          <SelectField
            label={t`Role of ${name}`}
            isLabelHidden
            choices={choices.includes(choice) ? choices : [...choices, choice]}
            value={rule.role_name}
            onChange={(role_name) => edit.onChange({ ...rule, role_name })}
          />
          <span>
            <Button
              tone="quiet"
              aria-label={t`Move ${name} with ${role} up`}
              unavailable={isFirst}
              onClick={keepFocus(() => edit.onMove(-1))}
            >
              <Trans context="order">Up</Trans>
            </Button>
            <Button
              tone="quiet"
              aria-label={t`Move ${name} with ${role} down`}
              unavailable={isLast}
              onClick={keepFocus(() => edit.onMove(1))}
            >
              <Trans context="order">Down</Trans>
            </Button>
            <IconButton icon="close" label={t`Remove ${name} with ${role}`} onClick={() => edit.onChange(null)} />
          </span>
        </>
      ) : (
        <span className={styles.to}>{role}</span>
      )}
    </li>
  );
}

/** A press that moves the row of the button: focus goes along, which the browser takes from an element that is moved. */
function keepFocus(move: () => void) {
  return ({ currentTarget }: MouseEvent<HTMLButtonElement>) => {
    flushSync(move);
    currentTarget.focus();
  };
}

function toInput({ group_id, role_name }: Assignment): RoleAssignment {
  return { group_id, role_name };
}

function hasRepeats(rows: DraftRows<Assignment>): boolean {
  return new Set(rows.map(({ rule }) => `${rule.group_id} ${rule.role_name}`)).size < rows.length;
}
