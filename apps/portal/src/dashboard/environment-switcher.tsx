import { useState } from 'react';
import { useMutation } from '@tanstack/react-query';
import { callDashboard, type MemberRole } from '../shared/dashboard-api/dashboard-api';
import { useDashboardSession } from '../shared/dashboard-api/dashboard-session';
import { addressOfEnvironment } from '../shared/management-api/environment-address';
import { ConfirmDialog } from '../shared/ui/dialog';
import { TextField } from '../shared/ui/field';
import { ForeignText } from '../shared/ui/foreign-text';
import { Icon } from '../shared/ui/icon';
import { Mark } from '../shared/ui/mark';
import { PopupMenu } from '../shared/ui/popup-menu';
import styles from './switchers.module.css';

const ROLES: Record<MemberRole, string> = {
  owner: 'You are an owner here',
  admin: 'You are an admin here',
  viewer: 'You may look here, and change nothing',
};

/** Which environment the page shows, and the way to the others. */
export function EnvironmentSwitcher() {
  const { environment, environments, role } = useDashboardSession();
  const [isCreating, setIsCreating] = useState(false);
  const items = environments.map(({ id, name, role: there }) => ({
    id,
    label: name,
    detail: ROLES[there],
    isChosen: id === environment.id,
    onSelect: () => location.assign(addressOfEnvironment(id)),
  }));
  const create = { id: 'create', label: 'Create environment…', onSelect: () => setIsCreating(true) };
  return (
    <>
      <PopupMenu
        label="Environments"
        placement="bottom start"
        items={role === 'owner' ? [...items, create] : items}
        trigger={
          <>
            <Mark size={28} />
            <span className={styles.lines}>
              <span className={styles.name}>
                <ForeignText text={environment.name} />
              </span>{' '}
              <span className={styles.detail}>Environment</span>
            </span>
            <Icon name="switch" size={16} className={styles.sign} />
          </>
        }
      />
      {isCreating && <CreateEnvironmentDialog onClose={() => setIsCreating(false)} />}
    </>
  );
}

function CreateEnvironmentDialog({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('');
  const create = useMutation({
    mutationFn: () =>
      callDashboard<{ environment: { id: string } }>('POST', '/environments', { body: { name: name.trim() } }),
    onSuccess: ({ environment }) => location.assign(addressOfEnvironment(environment.id)),
  });
  return (
    <ConfirmDialog
      title="Create environment"
      confirmLabel="Create"
      busy={create.isPending}
      error={create.error}
      blocked={name.trim() === ''}
      onConfirm={() => create.mutate()}
      onClose={onClose}
    >
      <p>
        An environment has organizations, webhooks, API clients and members of its own, such as one for production and
        one for trying things out.
      </p>
      <TextField label="Name" value={name} maxLength={200} autoComplete="off" onChange={setName} />
    </ConfirmDialog>
  );
}
