import { t } from '@lingui/core/macro';
import { Plural, Trans } from '@lingui/react/macro';
import { useState } from 'react';
import type { Directory } from '@rollcall/sdk';
import { useQueryClient } from '@tanstack/react-query';
import { flushSync } from 'react-dom';
import { deleteDirectory, renameDirectory, setDirectoryEnabled } from '../../shared/api/portal-api';
import { directoriesQuery, directoryQuery } from '../../shared/api/queries';
import { theApp, theVendor } from '../../shared/branding/app-name';
import { directoryTitle } from '../../shared/format/directory-status';
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
        label={t`Actions`}
        trigger="button"
        items={[
          { label: t`Rename…`, onSelect: () => setDialog('rename') },
          directory.enabled
            ? { label: t`Disable…`, onSelect: () => setDialog('disable') }
            : { label: t`Enable…`, onSelect: () => setDialog('enable') },
          { label: t`Delete…`, tone: 'bad', onSelect: () => setDialog('delete') },
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
    onSuccess: ({ name: given }) => changed({ name: given }, t`Renamed to ${given}`),
  });
  return (
    <ConfirmDialog
      title={t`Rename directory`}
      confirmLabel={t`Save name`}
      busy={rename.isPending}
      error={rename.error}
      blocked={name.trim() === ''}
      onConfirm={() => rename.mutate()}
      onClose={onClose}
    >
      <TextField
        label={t({ message: `Name`, context: `directory` })}
        hint={t`Only shown in this portal and to ${{ vendor: theVendor() }}. Your identity provider does not see it.`}
        value={name}
        maxLength={200}
        onChange={setName}
      />
    </ConfirmDialog>
  );
}

function EnableDialog({ directory, enable, onClose }: DialogProps & { enable: boolean }) {
  const provider = findProvider(directory.directory_provider).shortName;
  const { total_users: users, total_groups: groups } = directory;
  const app = theApp();
  const changed = useDirectoryChange(directory.id, onClose);
  const toggle = useOneShot({
    mutationFn: () => setDirectoryEnabled(directory.id, enable),
    onSuccess: () => changed({ enabled: enable }, enable ? t`Directory enabled` : t`Directory disabled`),
  });
  return (
    <ConfirmDialog
      title={enable ? t`Enable this directory?` : t`Disable this directory?`}
      confirmLabel={enable ? t`Enable` : t`Disable`}
      tone={enable ? 'primary' : 'danger'}
      busy={toggle.isPending}
      error={toggle.error}
      onConfirm={() => toggle.mutate()}
      onClose={onClose}
    >
      {enable ? (
        <p>
          <Trans>
            Changes from {provider} are accepted again from now on. What changed meanwhile arrives with its next sync.
          </Trans>
        </p>
      ) : (
        <>
          <p>
            <Trans>
              Every request from {provider} is refused until you enable it again. What that means meanwhile:
            </Trans>
          </p>
          <ul className={styles.consequences}>
            <li>
              <Trans>
                <Plural value={users} one="# user" other="# users" /> and{' '}
                <Plural value={groups} one="# group" other="# groups" /> stay in {app} as they are. Nobody is
                deactivated or deleted.
              </Trans>
            </li>
            <li>
              <Trans>Whoever leaves keeps their access: {app} is not told of it.</Trans>
            </li>
            <li>
              <Trans>
                What {app} receives is one event: the directory is disabled. Meanwhile {provider} will report errors.
              </Trans>
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
  const provider = findProvider(directory.directory_provider).shortName;
  const app = theApp();
  const { total_users: users, total_groups: groups } = directory;
  const tokens = liveSecrets(directory.secrets, now).length;
  const remove = useOneShot({
    mutationFn: () => deleteDirectory(directory.id),
    onSuccess: () => {
      announce(t`${title} deleted`);
      onDeleted();
      client.removeQueries({ queryKey: directoryQuery(directory.id).queryKey });
      void client.invalidateQueries({ queryKey: directoriesQuery.queryKey });
    },
  });
  return (
    <ConfirmDialog
      title={t`Delete this directory?`}
      confirmLabel={t`Delete directory`}
      tone="danger"
      busy={remove.isPending}
      error={remove.error}
      blocked={dropHidden(typed).trim() !== dropHidden(title).trim()}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    >
      <p>
        <Trans>This cannot be undone. What happens:</Trans>
      </p>
      <ul className={styles.consequences}>
        <li>
          <Trans>
            <Plural value={users} one="# user" other="# users" /> and{' '}
            <Plural value={groups} one="# group" other="# groups" /> are removed here. What {app} receives is one event:
            the directory is deleted. It stands for all of them; most apps then take their access away.
          </Trans>
        </li>
        <li>
          <Plural
            value={tokens}
            one="# token of the directory is refused from now on. Until you remove the app there, {provider} will report errors."
            other="# tokens of the directory are refused from now on. Until you remove the app there, {provider} will report errors."
          />
        </li>
        <li>
          <Trans>To come back you set up a new directory, and {provider} has to send everybody again.</Trans>
        </li>
      </ul>
      <TextField
        label={
          <Trans>
            Type{' '}
            <strong>
              <ForeignText text={title} />
            </strong>{' '}
            to confirm
          </Trans>
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
