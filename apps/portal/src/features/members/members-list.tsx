import { useState } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { MemberRole } from '../../shared/dashboard-api/dashboard-api';
import { useAnnounce } from '../../shared/ui/announcer';
import { Badge } from '../../shared/ui/badge';
import { Button } from '../../shared/ui/button';
import { ConfirmDialog } from '../../shared/ui/dialog';
import { ForeignText } from '../../shared/ui/foreign-text';
import { ErrorNotice } from '../../shared/ui/notice';
import { SelectField } from '../../shared/ui/select-field';
import { Table, type Column } from '../../shared/ui/table';
import { toTableState } from '../../shared/ui/table-state';
import { RelativeTime } from '../../shared/ui/time';
import { changeRole, membersQuery, removeMember, ROLES, type Member } from './members-api';
import styles from './members.module.css';

interface MembersListProps {
  ownId: string;
  /** Whether the reader may change roles and remove members. */
  canManage: boolean;
}

/** Who has a role in the environment. */
export function MembersList({ ownId, canManage }: MembersListProps) {
  const members = useQuery(membersQuery);
  const [leaving, setLeaving] = useState<Member | null>(null);
  const change = useRoleChange();
  return (
    <>
      {change.isError && <ErrorNotice error={change.error} />}
      <Table
        caption="Members"
        columns={memberColumns({
          ownId,
          canManage,
          changing: change.isPending ? (change.variables?.id ?? null) : null,
          onRole: (id, role) => change.mutate({ id, role }),
          onRemove: setLeaving,
        })}
        state={toTableState(members, (data) => data.members)}
        rowKey={(member) => member.id}
        empty={{ title: 'Nobody is a member', text: 'Invite somebody.' }}
        onRetry={() => void members.refetch()}
      />
      {leaving && <RemoveDialog member={leaving} onClose={() => setLeaving(null)} />}
    </>
  );
}

function useRoleChange() {
  const client = useQueryClient();
  const announce = useAnnounce();
  return useMutation({
    mutationFn: ({ id, role }: { id: string; role: MemberRole }) => changeRole(id, role),
    onSuccess: () => announce('Role changed'),
    onSettled: () => client.invalidateQueries({ queryKey: membersQuery.queryKey }),
  });
}

interface ColumnOptions extends MembersListProps {
  /** The member whose role is being changed. */
  changing: string | null;
  onRole: (memberId: string, role: MemberRole) => void;
  onRemove: (member: Member) => void;
}

function memberColumns({ ownId, canManage, changing, onRole, onRemove }: ColumnOptions): Column<Member>[] {
  const columns: Column<Member>[] = [
    {
      header: 'Name',
      isRowHeader: true,
      cell: ({ id, name, email }) => (
        <span className={styles.person}>
          <span className={styles.name}>
            <ForeignText text={name} />
            {id === ownId && <span className={styles.you}> (you)</span>}
          </span>
          <span className={styles.email}>
            <ForeignText text={email} />
          </span>
        </span>
      ),
    },
    {
      header: 'Role',
      cell: ({ id, name, role }) =>
        canManage ? (
          <SelectField
            label={`Role of ${name}`}
            isLabelHidden
            choices={ROLES}
            value={role}
            disabled={changing === id}
            onChange={(next) => onRole(id, next)}
          />
        ) : (
          ROLES.find(({ value }) => value === role)?.label
        ),
    },
    {
      header: 'Second factor',
      isWideOnly: true,
      cell: ({ second_factor: has }) => <Badge tone={has ? 'good' : 'neutral'}>{has ? 'On' : 'Off'}</Badge>,
    },
    {
      header: 'Last seen',
      isWideOnly: true,
      cell: ({ last_seen_time: time }) => (time === null ? 'never' : <RelativeTime time={time} />),
    },
  ];
  if (!canManage) return columns;
  const remove: Column<Member> = {
    header: 'Actions',
    align: 'end',
    cell: (member) => (
      <Button tone="quiet" aria-label={`Remove ${member.name}`} onClick={() => onRemove(member)}>
        Remove
      </Button>
    ),
  };
  return [...columns, remove];
}

function RemoveDialog({ member, onClose }: { member: Member; onClose: () => void }) {
  const client = useQueryClient();
  const announce = useAnnounce();
  const remove = useMutation({
    mutationFn: () => removeMember(member.id),
    onSuccess: () => {
      onClose();
      announce(`${member.name} removed`);
      void client.invalidateQueries({ queryKey: membersQuery.queryKey });
    },
  });
  return (
    <ConfirmDialog
      title={`Remove ${member.name}?`}
      confirmLabel="Remove member"
      tone="danger"
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    >
      <p>
        They lose access to this environment at once, also where they are signed in. What they set up stays, and the
        audit log keeps what they did.
      </p>
    </ConfirmDialog>
  );
}
