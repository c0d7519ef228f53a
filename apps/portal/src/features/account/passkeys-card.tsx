import { useState } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { PortalError } from '../../shared/api/portal-error';
import { dashboardSessionQuery } from '../../shared/dashboard-api/dashboard-session';
import { useConfirmed } from '../../shared/dashboard-api/use-confirmed';
import { formatDate } from '../../shared/format/format-time';
import { useAnnounce } from '../../shared/ui/announcer';
import { Button } from '../../shared/ui/button';
import { Card } from '../../shared/ui/card';
import { ConfirmDialog } from '../../shared/ui/dialog';
import { TextField } from '../../shared/ui/field';
import { ForeignText } from '../../shared/ui/foreign-text';
import { ErrorNotice } from '../../shared/ui/notice';
import { Skeleton } from '../../shared/ui/skeleton';
import { RelativeTime } from '../../shared/ui/time';
import { addPasskey, beginPasskey, passkeysQuery, removePasskey, type Passkey } from './account-api';
import { RecoveryCodesDialog } from './recovery-codes-dialog';
import styles from './account.module.css';

/** Passkeys (WebAuthn): a finger or the device's lock in place of a password. */
export function PasskeysCard() {
  const passkeys = useQuery(passkeysQuery);
  const [isAdding, setIsAdding] = useState(false);
  const [codes, setCodes] = useState<string[] | null>(null);
  const isPossible = window.isSecureContext && typeof PublicKeyCredential === 'function';
  return (
    <Card
      title="Passkeys"
      lead="A finger, a face or a security key in place of the password. No page but this one can ask for it."
      actions={isPossible && <Button onClick={() => setIsAdding(true)}>Add a passkey</Button>}
    >
      {!isPossible && <p className={styles.hint}>Browsers offer passkeys only on pages that come by https.</p>}
      {passkeys.isPending && (
        <div role="status" aria-label="Loading the passkeys">
          <Skeleton width={2} />
        </div>
      )}
      {passkeys.isError && <ErrorNotice error={passkeys.error} onRetry={() => void passkeys.refetch()} />}
      {passkeys.data?.length === 0 && isPossible && <p className={styles.hint}>You have none.</p>}
      {passkeys.data && passkeys.data.length > 0 && (
        <ul className={styles.rows} aria-label="Passkeys">
          {passkeys.data.map((passkey) => (
            <PasskeyRow key={passkey.id} passkey={passkey} />
          ))}
        </ul>
      )}
      {isAdding && <AddPasskeyDialog onCodes={setCodes} onClose={() => setIsAdding(false)} />}
      {codes && <RecoveryCodesDialog codes={codes} onClose={() => setCodes(null)} />}
    </Card>
  );
}

function usePasskeysChanged() {
  const client = useQueryClient();
  return () => {
    void client.invalidateQueries({ queryKey: passkeysQuery.queryKey });
    void client.invalidateQueries({ queryKey: dashboardSessionQuery.queryKey });
  };
}

interface AddPasskeyDialogProps {
  /** Called with the recovery codes that come with the first second factor. */
  onCodes: (codes: string[]) => void;
  onClose: () => void;
}

function AddPasskeyDialog({ onCodes, onClose }: AddPasskeyDialogProps) {
  const [name, setName] = useState('This device');
  const changed = usePasskeysChanged();
  const announce = useAnnounce();
  const add = useConfirmed({
    mutationFn: async () => {
      const { startRegistration } = await import('@simplewebauthn/browser');
      const optionsJSON = await beginPasskey();
      const response = await startRegistration({ optionsJSON }).catch((error: unknown) => {
        throw toPasskeyError(error);
      });
      return addPasskey({ name: name.trim(), response });
    },
    onSuccess: ({ recovery_codes: codes }) => {
      onClose();
      if (codes) onCodes(codes);
      announce('Passkey added');
      changed();
    },
  });
  return (
    <>
      <ConfirmDialog
        title="Add a passkey"
        confirmLabel="Add passkey"
        busy={add.isPending}
        error={add.error}
        blocked={name.trim() === ''}
        onConfirm={() => add.mutate()}
        onClose={onClose}
      >
        <p>Your browser asks for it next.</p>
        <TextField
          label="Passkey name"
          hint="So that you know it again in the list."
          value={name}
          maxLength={100}
          autoComplete="off"
          onChange={setName}
        />
      </ConfirmDialog>
      {add.question}
    </>
  );
}

/** What the browser or the reader did not go through with. */
function toPasskeyError(error: unknown): PortalError {
  const name = error instanceof Error ? error.name : '';
  const title = name === 'InvalidStateError' ? 'This device has a passkey of yours already' : 'No passkey was made';
  return new PortalError(400, 'passkey_not_made', title);
}

function PasskeyRow({ passkey }: { passkey: Passkey }) {
  const changed = usePasskeysChanged();
  const announce = useAnnounce();
  const remove = useConfirmed({
    mutationFn: () => removePasskey(passkey.id),
    onSuccess: () => {
      announce('Passkey removed');
      changed();
    },
  });
  return (
    <li className={styles.row}>
      <span className={styles.lines}>
        <span className={styles.name}>
          <ForeignText text={passkey.name} />
        </span>
        <span className={styles.detail}>
          Added {formatDate(passkey.create_time)} · last used{' '}
          {passkey.last_used_time ? <RelativeTime time={passkey.last_used_time} /> : 'never'}
        </span>
      </span>
      <Button
        tone="quiet"
        aria-label={`Remove the passkey ${passkey.name}`}
        busy={remove.isPending}
        onClick={() => remove.mutate()}
      >
        Remove
      </Button>
      {remove.error && <ErrorNotice error={remove.error} />}
      {remove.question}
    </li>
  );
}
