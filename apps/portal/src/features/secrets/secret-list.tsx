import { useState } from 'react';
import type { Directory, DirectorySecret, DirectorySecretStatus } from '@rollcall/sdk';
import type { StatusTone } from '../../shared/format/directory-status';
import { formatDate, formatDateTime } from '../../shared/format/format-time';
import { formatCount } from '../../shared/format/format-count';
import { secretStatusAt } from '../../shared/format/secret-life';
import { useMayChange } from '../../shared/hooks/use-may-change';
import { useNow } from '../../shared/hooks/use-now';
import { findProvider } from '../../shared/providers/provider-catalogue';
import { Badge } from '../../shared/ui/badge';
import { Menu, type MenuItem } from '../../shared/ui/menu';
import { RelativeTime } from '../../shared/ui/time';
import { AddSecretDialog, RegenerateSecretDialog, RevokeSecretDialog } from './secret-dialogs';
import { findInUse } from './find-in-use';
import { useFreshSecrets } from './fresh-secrets';
import { findUnseen } from './unseen-secrets';
import styles from './directory-details-card.module.css';

type OpenDialog = { kind: 'add' } | { kind: 'regenerate' | 'revoke'; secret: DirectorySecret } | null;

const TICK_MS = 1_000;

/** Active tokens that are always seen; more are folded away, so that what follows them stays within reach. */
const SHOWN = 3;

const STATUS: Record<DirectorySecretStatus, { tone: StatusTone; label: string }> = {
  ACTIVE: { tone: 'good', label: 'Active' },
  EXPIRED: { tone: 'neutral', label: 'Expired' },
  REVOKED: { tone: 'neutral', label: 'Revoked' },
};
const REPLACED = { tone: 'waiting', label: 'Replaced' } as const;

/** The tokens of a directory by their last characters: the active ones with what can be done, the others folded away. */
export function SecretList({ directory }: { directory: Directory }) {
  const [dialog, setDialog] = useState<OpenDialog>(null);
  const now = useNow(TICK_MS);
  const secrets = directory.secrets.map((secret) => ({ ...secret, status: secretStatusAt(secret, now) }));
  const active = secrets.filter((secret) => secret.status === 'ACTIVE');
  const inactive = secrets.filter((secret) => secret.status !== 'ACTIVE');
  const folded = active.slice(SHOWN);
  const close = () => setDialog(null);
  const provider = findProvider(directory.directory_provider).shortName;
  const onOpen = useMayChange() ? setDialog : undefined;
  const shared = { onOpen, inUse: { by: provider, ids: findInUse(active) } };
  return (
    <>
      {active.length > 0 && <Secrets label="Active tokens" secrets={active.slice(0, SHOWN)} {...shared} />}
      {folded.length > 0 && (
        <details className={styles.inactive}>
          <summary>{formatCount(folded.length, 'more active token')}</summary>
          <Secrets label="Older tokens in use" secrets={folded} {...shared} />
        </details>
      )}
      {inactive.length > 0 && (
        <details className={styles.inactive}>
          <summary>{formatCount(inactive.length, 'token')} no longer in use</summary>
          <Secrets label="Tokens no longer in use" secrets={inactive} />
        </details>
      )}
      {dialog?.kind === 'add' && <AddSecretDialog directory={directory} onClose={close} />}
      {dialog?.kind === 'regenerate' && (
        <RegenerateSecretDialog directory={directory} secret={dialog.secret} onClose={close} />
      )}
      {dialog?.kind === 'revoke' && <RevokeSecretDialog directory={directory} secret={dialog.secret} onClose={close} />}
    </>
  );
}

interface SecretsProps {
  label: string;
  secrets: readonly DirectorySecret[];
  /** Absent: nothing can be done with them. */
  onOpen?: (dialog: OpenDialog) => void;
  /** Which of them the identity provider calls with. */
  inUse?: { by: string; ids: ReadonlySet<string> };
}

function Secrets({ label, secrets, onOpen, inUse }: SecretsProps) {
  return (
    <ul className={styles.secrets} aria-label={label}>
      {secrets.map((secret) => (
        <SecretItem
          key={secret.id}
          secret={secret}
          onOpen={onOpen}
          usedBy={inUse?.ids.has(secret.id) ? inUse.by : null}
        />
      ))}
    </ul>
  );
}

interface SecretItemProps extends Pick<SecretsProps, 'onOpen'> {
  secret: DirectorySecret;
  /** The identity provider that calls with it; null: none does. */
  usedBy: string | null;
}

function SecretItem({ secret, onOpen, usedBy }: SecretItemProps) {
  const { tone, label } = secret.status === 'ACTIVE' && secret.replaced_time ? REPLACED : STATUS[secret.status];
  const unseen = findUnseen(useFreshSecrets().findUnanswered(secret.directory_id), [secret]);
  return (
    <li className={styles.secret} data-testid="secret">
      <div className={styles.secretBody}>
        <p className={styles.secretLine}>
          {secret.name && <span className={styles.secretName}>{secret.name}</span>}
          <span className="visually-hidden">Token ending in</span>
          <code className={styles.suffix}>{`•••${secret.secret_suffix}`}</code>
          <Badge tone={tone}>{label}</Badge>
          {usedBy !== null && <Badge tone="good">In use by {usedBy}</Badge>}
          {unseen.length > 0 && secret.status === 'ACTIVE' && <Badge tone="bad">Never shown</Badge>}
        </p>
        <dl className={styles.facts}>
          <div>
            <dt>Created</dt>
            <dd title={formatDateTime(secret.create_time)}>{formatDate(secret.create_time)}</dd>
          </div>
          <div>
            <dt>{secret.status === 'EXPIRED' ? 'Expired' : 'Expires'}</dt>
            <dd>{secret.expire_time ? <RelativeTime time={secret.expire_time} /> : 'never'}</dd>
          </div>
          <div>
            <dt>Last used</dt>
            <dd>{secret.last_used_time ? <RelativeTime time={secret.last_used_time} /> : 'never'}</dd>
          </div>
        </dl>
        {secret.retire_when_seen && secret.status === 'ACTIVE' && (
          <p className={styles.retires}>Ends once only the token that replaces it has been used for an hour.</p>
        )}
      </div>
      {onOpen && (
        <Menu
          label={`Actions for token ending in ${secret.secret_suffix}`}
          trigger="icon"
          items={listActions(secret, onOpen)}
        />
      )}
    </li>
  );
}

/** A token that has been replaced is not replaced again. While servers are replaced, one of before says nothing of that. */
function listActions(secret: DirectorySecret, onOpen: (dialog: OpenDialog) => void): MenuItem[] {
  const regenerate: MenuItem = {
    label: 'Regenerate token…',
    onSelect: () => onOpen({ kind: 'regenerate', secret }),
  };
  return [
    ...(!secret.replaced_time ? [regenerate] : []),
    { label: 'Add another token…', onSelect: () => onOpen({ kind: 'add' }) },
    { label: 'Revoke this token…', tone: 'bad', onSelect: () => onOpen({ kind: 'revoke', secret }) },
  ];
}
