import { useState } from 'react';
import type { Directory } from '@rollcall/sdk';
import { useQueryClient } from '@tanstack/react-query';
import { flushSync } from 'react-dom';
import { deleteDirectory, renameDirectory, setDirectoryEnabled } from '../../shared/api/portal-api';
import { directoriesQuery, directoryQuery } from '../../shared/api/queries';
import { theApp, theVendor } from '../../shared/branding/app-name';
import { directoryTitle } from '../../shared/format/directory-status';
import { formatCount } from '../../shared/format/format-count';
import { dropHidden } from '../../shared/format/mark-hidden';
import { liveSecrets } from '../../shared/format/secret-life';
import { useNow } from '../../shared/hooks/use-now';
import { useOneShot } from '../../shared/hooks/use-one-shot';
import { findProvider } from '../../shared/providers/provider-catalogue';
import { useAnnounce } from '../../shared/ui/announcer';
import { ConfirmDialog } from '../../shared/ui/dialog';
import { TextField } from '../../shared/ui/field';
import { ForeignText } from '../../shared/ui/foreign-text';
import { Menu } from '../../shared/ui/menu';
import styles from './directory-actions.module.css';

type OpenDialog = 'rename' | 'enable' | 'disable' | 'delete' | null;

interface DialogProps {
  directory: Directory;
  onClose: () => void;
}

/** The menu of what can be done with a directory as a whole. Every choice is confirmed in a dialog. */
export function DirectoryActions({ directory, onDeleted }: { directory: Directory; onDeleted: () => void }) {
  const [dialog, setDialog] = useState<OpenDialog>(null);
  const close = () => setDialog(null);
  return (
    <>
      <Menu
        label="Actions"
        trigger="button"
        items={[
          { label: 'Rename…', onSelect: () => setDialog('rename') },
          directory.enabled
            ? { label: 'Disable…', onSelect: () => setDialog('disable') }
            : { label: 'Enable…', onSelect: () => setDialog('enable') },
          { label: 'Delete…', tone: 'bad', onSelect: () => setDialog('delete') },
        ]}
      />
      {dialog === 'rename' && <RenameDialog directory={directory} onClose={close} />}
      {(dialog === 'enable' || dialog === 'disable') && (
        <EnableDialog directory={directory} enable={dialog === 'enable'} onClose={close} />
      )}
      {dialog === 'delete' && <DeleteDialog directory={directory} onClose={close} onDeleted={onDeleted} />}
    </>
  );
}

function RenameDialog({ directory, onClose }: DialogProps) {
  const [name, setName] = useState(directoryTitle(directory));
  const changed = useDirectoryChange(directory.id, onClose);
  const rename = useOneShot({
    mutationFn: () => renameDirectory(directory.id, name.trim()),
    onSuccess: ({ name: given }) => changed({ name: given }, `Renamed to ${given}`),
  });
  return (
    <ConfirmDialog
      title="Rename directory"
      confirmLabel="Save name"
      busy={rename.isPending}
      error={rename.error}
      blocked={name.trim() === ''}
      onConfirm={() => rename.mutate()}
      onClose={onClose}
    >
      <TextField
        label="Name"
        hint={`Only shown in this portal and to ${theVendor()}. Your identity provider does not see it.`}
        value={name}
        maxLength={200}
        onChange={setName}
      />
    </ConfirmDialog>
  );
}

function EnableDialog({ directory, enable, onClose }: DialogProps & { enable: boolean }) {
  const provider = findProvider(directory.directory_provider).shortName;
  const changed = useDirectoryChange(directory.id, onClose);
  const toggle = useOneShot({
    mutationFn: () => setDirectoryEnabled(directory.id, enable),
    onSuccess: () => changed({ enabled: enable }, enable ? 'Directory enabled' : 'Directory disabled'),
  });
  return (
    <ConfirmDialog
      title={enable ? 'Enable this directory?' : 'Disable this directory?'}
      confirmLabel={enable ? 'Enable' : 'Disable'}
      tone={enable ? 'primary' : 'danger'}
      busy={toggle.isPending}
      error={toggle.error}
      onConfirm={() => toggle.mutate()}
      onClose={onClose}
    >
      {enable ? (
        <p>
          Changes from {provider} are accepted again from now on. What changed meanwhile arrives with its next sync.
        </p>
      ) : (
        <>
          <p>Every request from {provider} is refused until you enable it again. What that means meanwhile:</p>
          <ul className={styles.consequences}>
            <li>
              {formatCount(directory.total_users, 'user')} and {formatCount(directory.total_groups, 'group')} stay in{' '}
              {theApp()} as they are. Nobody is deactivated or deleted.
            </li>
            <li>Whoever leaves keeps their access: {theApp()} is not told of it.</li>
            <li>
              What {theApp()} receives is one event: the directory is disabled. {provider} will report errors.
            </li>
          </ul>
        </>
      )}
    </ConfirmDialog>
  );
}

function DeleteDialog({ directory, onClose, onDeleted }: DialogProps & { onDeleted: () => void }) {
  const [typed, setTyped] = useState('');
  const now = useNow(1_000);
  const client = useQueryClient();
  const announce = useAnnounce();
  const title = directoryTitle(directory);
  const remove = useOneShot({
    mutationFn: () => deleteDirectory(directory.id),
    onSuccess: () => {
      announce(`${title} deleted`);
      onDeleted();
      client.removeQueries({ queryKey: directoryQuery(directory.id).queryKey });
      void client.invalidateQueries({ queryKey: directoriesQuery.queryKey });
    },
  });
  return (
    <ConfirmDialog
      title="Delete this directory?"
      confirmLabel="Delete directory"
      tone="danger"
      busy={remove.isPending}
      error={remove.error}
      blocked={dropHidden(typed).trim() !== dropHidden(title).trim()}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    >
      <p>This cannot be undone. What happens:</p>
      <ul className={styles.consequences}>
        <li>
          {formatCount(directory.total_users, 'user')} and {formatCount(directory.total_groups, 'group')} are removed
          here. What {theApp()} receives is one event: the directory is deleted. It stands for all of them; most apps
          then take their access away.
        </li>
        <li>
          {formatCount(liveSecrets(directory.secrets, now).length, 'token')} of the directory are refused from now on.{' '}
          {findProvider(directory.directory_provider).shortName} will report errors until you remove the app there.
        </li>
        <li>
          To come back you set up a new directory, and {findProvider(directory.directory_provider).shortName} has to
          send everybody again.
        </li>
      </ul>
      <TextField
        label={
          <>
            Type{' '}
            <strong>
              <ForeignText text={title} />
            </strong>{' '}
            to confirm
          </>
        }
        value={typed}
        autoComplete="off"
        spellCheck={false}
        onChange={setTyped}
      />
    </ConfirmDialog>
  );
}

/**
 * After a change: it is shown at once, the dialog closes, the result is spoken, which is not heard while a dialog is open, and the
 * directory is read anew.
 */
function useDirectoryChange(
  directoryId: string,
  onClose: () => void,
): (change: Partial<Directory>, message: string) => void {
  const client = useQueryClient();
  const announce = useAnnounce();
  return (change, message) => {
    const { queryKey } = directoryQuery(directoryId);
    client.setQueryData(queryKey, (directory) => directory && { ...directory, ...change });
    flushSync(onClose);
    announce(message);
    void client.invalidateQueries({ queryKey, exact: true });
    void client.invalidateQueries({ queryKey: directoriesQuery.queryKey });
  };
}
