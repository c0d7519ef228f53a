import { useState } from 'react';
import type { DirectoryDetail } from '@rollcall/sdk';
import { useQuery } from '@tanstack/react-query';
import { groupQuery } from '../../shared/api/people-queries';
import { shownName } from '../../shared/format/shown-name';
import { useMayChange } from '../../shared/hooks/use-may-change';
import { Button, IconButton } from '../../shared/ui/button';
import { Card } from '../../shared/ui/card';
import { ForeignText } from '../../shared/ui/foreign-text';
import { ErrorNotice } from '../../shared/ui/notice';
import { SelectField } from '../../shared/ui/select-field';
import { GroupPicker } from './group-picker';
import { ImpactNotice } from './impact-notice';
import { JobNotice } from './job-notice';
import { previewRoles, rolesQuery, saveRoles, type RoleAssignment } from './rules-queries';
import { useRulesChange } from './use-rules-change';
import styles from './rules.module.css';

/** Which role the users of a group have, in order of precedence; tried before it is saved. */
export function RoleAssignmentsCard({ directory }: { directory: DirectoryDetail }) {
  const stored = directory.role_assignments.assignments;
  const mayChange = useMayChange();
  const [draft, setDraft] = useState<RoleAssignment[]>(stored);
  const { trying, saving } = useRulesChange({
    directory,
    preview: previewRoles,
    save: saveRoles,
    saved: 'Role assignments saved',
  });
  const isChanged = JSON.stringify(draft) !== JSON.stringify(stored);
  const change = (next: RoleAssignment[]) => {
    trying.reset();
    setDraft(next);
  };
  return (
    <Card
      title="Roles by group"
      lead="A user has the role of the first group in this list that they are in. A role that the identity provider sends itself comes first."
    >
      <div className={styles.stack}>
        <JobNotice job={directory.rules_job} />
        {draft.length === 0 && <p className={styles.hint}>No group gives a role.</p>}
        {draft.length > 0 && (
          <ol className={styles.rows}>
            {draft.map((assignment, index) => (
              <AssignmentRow
                key={assignment.group_id}
                directoryId={directory.id}
                assignment={assignment}
                position={index}
                isLast={index === draft.length - 1}
                onMove={(by) => change(moved(draft, index, by))}
                onChange={(role_name) =>
                  change(draft.map((other, at) => (at === index ? { ...other, role_name } : other)))
                }
                onRemove={() => change(draft.filter((_, at) => at !== index))}
              />
            ))}
          </ol>
        )}
        {mayChange && (
          <AddAssignment
            directoryId={directory.id}
            taken={draft.map(({ group_id: id }) => id)}
            onAdd={(assignment) => change([...draft, assignment])}
          />
        )}
        {trying.data && <ImpactNotice impact={trying.data} />}
        {(trying.error ?? saving.error) && <ErrorNotice error={trying.error ?? saving.error} />}
        {mayChange && (
          <div className={styles.actions}>
            <Button unavailable={!isChanged} busy={trying.isPending} onClick={() => trying.mutate(draft)}>
              Try it
            </Button>
            <Button
              tone="primary"
              unavailable={!isChanged}
              busy={saving.isPending}
              onClick={() => saving.mutate(draft)}
            >
              Save assignments
            </Button>
            {isChanged && (
              <Button tone="quiet" onClick={() => change(stored)}>
                Undo changes
              </Button>
            )}
          </div>
        )}
      </div>
    </Card>
  );
}

/** The list with the element at `index` moved by one. */
function moved<T>(list: readonly T[], index: number, by: -1 | 1): T[] {
  const next = [...list];
  const [element] = next.splice(index, 1);
  if (element !== undefined) next.splice(index + by, 0, element);
  return next;
}

interface AssignmentRowProps {
  directoryId: string;
  assignment: RoleAssignment;
  /** 0 for the first. */
  position: number;
  isLast: boolean;
  onMove: (by: -1 | 1) => void;
  onChange: (roleName: string) => void;
  onRemove: () => void;
}

function AssignmentRow({ directoryId, assignment, position, isLast, onMove, onChange, onRemove }: AssignmentRowProps) {
  const { group_id: groupId, role_name: roleName } = assignment;
  const mayChange = useMayChange();
  const group = useQuery({ ...groupQuery(directoryId, groupId), refetchInterval: false });
  const name = shownName(group.data?.display_name, groupId);
  return (
    <li className={styles.row}>
      <span className={styles.name}>
        <ForeignText text={name} />
        {group.isError && <span className={styles.hint}> (not there any more)</span>}
      </span>
      {mayChange ? (
        <>
          <RoleSelect label={`Role of ${name}`} isLabelHidden value={roleName} onChange={onChange} />
          <span className={styles.tools}>
            <Button tone="quiet" aria-label={`Move ${name} up`} unavailable={position === 0} onClick={() => onMove(-1)}>
              Up
            </Button>
            <Button tone="quiet" aria-label={`Move ${name} down`} unavailable={isLast} onClick={() => onMove(1)}>
              Down
            </Button>
            <IconButton icon="close" label={`Remove ${name}`} onClick={onRemove} />
          </span>
        </>
      ) : (
        <span>{roleName}</span>
      )}
    </li>
  );
}

interface RoleSelectProps {
  label: string;
  isLabelHidden?: boolean;
  value: string;
  onChange: (roleName: string) => void;
}

function RoleSelect({ label, isLabelHidden, value, onChange }: RoleSelectProps) {
  // The card with the roles, on the same page, has them read again and again.
  const { data = [] } = useQuery({ ...rolesQuery, refetchInterval: false, refetchOnMount: false });
  const names = data.map(({ role_name: name, display_name: shown }) => ({ value: name, label: shown }));
  const choices = names.some((choice) => choice.value === value)
    ? names
    : [{ value, label: value || 'Choose…' }, ...names];
  return (
    <SelectField label={label} isLabelHidden={isLabelHidden} choices={choices} value={value} onChange={onChange} />
  );
}

function AddAssignment({
  directoryId,
  taken,
  onAdd,
}: {
  directoryId: string;
  taken: readonly string[];
  onAdd: (assignment: RoleAssignment) => void;
}) {
  const [groupId, setGroupId] = useState<string | null>(null);
  const [roleName, setRoleName] = useState('');
  const isTaken = groupId !== null && taken.includes(groupId);
  const add = () => {
    if (groupId === null || roleName === '' || isTaken) return;
    onAdd({ group_id: groupId, role_name: roleName });
    setGroupId(null);
    setRoleName('');
  };
  return (
    <div className={styles.add}>
      {/* A new one for each, so that it begins empty. */}
      <GroupPicker key={taken.length} directoryId={directoryId} onChoose={setGroupId} />
      <RoleSelect label="Role" value={roleName} onChange={setRoleName} />
      <Button icon="plus" unavailable={groupId === null || roleName === '' || isTaken} onClick={add}>
        Add
      </Button>
      {isTaken && <p className={styles.hint}>This group is in the list already.</p>}
    </div>
  );
}
