import { useState } from 'react';
import { ROLES_MAX } from '@rollcall/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { formatNumber } from '../../shared/format/format-count';
import { useMayChange } from '../../shared/hooks/use-may-change';
import { useAnnounce } from '../../shared/ui/announcer';
import { Button, IconButton } from '../../shared/ui/button';
import { Card } from '../../shared/ui/card';
import { ConfirmDialog } from '../../shared/ui/dialog';
import { TextField } from '../../shared/ui/field';
import { ForeignText } from '../../shared/ui/foreign-text';
import { ErrorNotice } from '../../shared/ui/notice';
import { SelectField } from '../../shared/ui/select-field';
import { Skeleton } from '../../shared/ui/skeleton';
import { createRole, deleteRole, rolesQuery, setDefaultRole } from './role-queries';
import styles from './roles.module.css';

/** The roles of the app, of every organization alike, and which of them everybody has. */
export function RolesCard() {
  const roles = useQuery(rolesQuery);
  const mayChange = useMayChange();
  const [isCreating, setIsCreating] = useState(false);
  const changed = useRolesChanged();
  const remove = useMutation({ mutationFn: deleteRole, onSuccess: () => changed('Role deleted') });
  return (
    <Card
      title="Roles of your app"
      lead="The same for every organization of this environment."
      actions={
        mayChange && (
          <Button icon="plus" onClick={() => setIsCreating(true)}>
            Create role
          </Button>
        )
      }
    >
      <div className={styles.stack}>
        {roles.isPending && (
          <div role="status" aria-label="Loading the roles">
            <Skeleton width={2} />
          </div>
        )}
        {roles.isError && <ErrorNotice error={roles.error} onRetry={() => void roles.refetch()} />}
        {roles.data?.length === 0 && <p className={styles.hint}>There are none yet.</p>}
        {roles.data && roles.data.length > 0 && (
          <>
            <ul className={styles.rows} aria-label="Roles">
              {roles.data.map((role) => (
                <li key={role.role_name} className={styles.row}>
                  <span className={styles.name}>
                    <ForeignText text={role.display_name} /> <code>{role.role_name}</code>
                  </span>
                  {mayChange && (
                    <IconButton
                      icon="close"
                      label={`Delete the role ${role.role_name}`}
                      onClick={() => remove.mutate(role.role_name)}
                    />
                  )}
                </li>
              ))}
            </ul>
            {roles.data.length === ROLES_MAX && (
              <p className={styles.hint}>The first {formatNumber(ROLES_MAX)} are listed; the API has the others.</p>
            )}
            {remove.isError && <ErrorNotice error={remove.error} />}
            <DefaultRole roles={roles.data} />
          </>
        )}
      </div>
      {isCreating && <CreateRoleDialog onClose={() => setIsCreating(false)} />}
    </Card>
  );
}

function useRolesChanged() {
  const client = useQueryClient();
  const announce = useAnnounce();
  return (message: string) => {
    announce(message);
    void client.invalidateQueries({ queryKey: rolesQuery.queryKey });
    // The rules of each directory have the roles to choose from.
    void client.invalidateQueries({ queryKey: ['directory'] });
  };
}

const NOBODY = '';

function DefaultRole({ roles }: { roles: { role_name: string; display_name: string; default_member: boolean }[] }) {
  const mayChange = useMayChange();
  const changed = useRolesChanged();
  const set = useMutation({
    mutationFn: (roleName: string) => setDefaultRole(roleName === NOBODY ? null : roleName),
    onSuccess: () => changed('Default role saved'),
  });
  return (
    <>
      <SelectField
        label="Whoever is given none"
        choices={[
          { value: NOBODY, label: 'Has no role' },
          ...roles.map(({ role_name: name, display_name: shown }) => ({ value: name, label: `Has the role ${shown}` })),
        ]}
        value={roles.find(({ default_member: isDefault }) => isDefault)?.role_name ?? NOBODY}
        disabled={!mayChange || set.isPending}
        onChange={(roleName) => set.mutate(roleName)}
      />
      {set.isError && <ErrorNotice error={set.error} />}
    </>
  );
}

function CreateRoleDialog({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('');
  const [shown, setShown] = useState('');
  const changed = useRolesChanged();
  const create = useMutation({
    mutationFn: () => createRole({ role_name: name.trim(), ...(shown.trim() && { display_name: shown.trim() }) }),
    onSuccess: () => {
      onClose();
      changed('Role created');
    },
  });
  return (
    <ConfirmDialog
      title="Create role"
      confirmLabel="Create role"
      busy={create.isPending}
      error={create.error}
      blocked={name.trim() === ''}
      onConfirm={() => create.mutate()}
      onClose={onClose}
    >
      <TextField
        label="Name in events"
        hint="As your app knows it, such as admin. It does not change."
        value={name}
        maxLength={100}
        autoComplete="off"
        spellCheck={false}
        onChange={setName}
      />
      <TextField label="Name for people" value={shown} maxLength={200} autoComplete="off" onChange={setShown} />
    </ConfirmDialog>
  );
}
