import { useState } from 'react';
import type { Directory, DirectorySecret, DirectorySecretStatus } from '@rollcall/sdk';
import type { StatusTone } from '../../shared/format/directory-status';
import { formatDate, formatDateTime } from '../../shared/format/format-time';
import { formatCount } from '../../shared/format/format-count';
import { Badge } from '../../shared/ui/badge';
import { Menu } from '../../shared/ui/menu';
import { RelativeTime } from '../../shared/ui/time';
import { AddSecretDialog, RegenerateSecretDialog, RevokeSecretDialog } from './secret-dialogs';
import styles from './directory-details-card.module.css';

type OpenDialog = { kind: 'regenerate' | 'add' } | { kind: 'revoke'; secret: DirectorySecret } | null;

const STATUS: Record<DirectorySecretStatus, { tone: StatusTone; label: string }> = {
  ACTIVE: { tone: 'good', label: 'Active' },
  EXPIRED: { tone: 'neutral', label: 'Expired' },
  REVOKED: { tone: 'neutral', label: 'Revoked' },
};

/** The tokens of a directory by their last characters: the active ones with what can be done, the others folded away. */
export function SecretList({ directory }: { directory: Directory }) {
  const [dialog, setDialog] = useState<OpenDialog>(null);
  const active = directory.secrets.filter((secret) => secret.status === 'ACTIVE');
  const inactive = directory.secrets.filter((secret) => secret.status !== 'ACTIVE');
  const close = () => setDialog(null);
  return (
    <>
      {active.length > 0 && (
        <ul className={styles.secrets} aria-label="Active tokens">
          {active.map((secret) => (
            <SecretItem key={secret.id} secret={secret} onOpen={setDialog} />
          ))}
        </ul>
      )}
      {inactive.length > 0 && (
        <details className={styles.inactive}>
          <summary>{formatCount(inactive.length, 'token')} no longer in use</summary>
          <ul className={styles.secrets} aria-label="Tokens no longer in use">
            {inactive.map((secret) => (
              <SecretItem key={secret.id} secret={secret} />
            ))}
          </ul>
        </details>
      )}
      {dialog?.kind === 'regenerate' && <RegenerateSecretDialog directory={directory} onClose={close} />}
      {dialog?.kind === 'add' && <AddSecretDialog directory={directory} onClose={close} />}
      {dialog?.kind === 'revoke' && <RevokeSecretDialog directory={directory} secret={dialog.secret} onClose={close} />}
    </>
  );
}

function SecretItem({ secret, onOpen }: { secret: DirectorySecret; onOpen?: (dialog: OpenDialog) => void }) {
  const { tone, label } = STATUS[secret.status];
  return (
    <li className={styles.secret} data-testid="secret">
      <div className={styles.secretBody}>
        <p className={styles.secretLine}>
          <span className="visually-hidden">Token ending in</span>
          <code className={styles.suffix}>{`•••${secret.secret_suffix}`}</code>
          <Badge tone={tone}>{label}</Badge>
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
      </div>
      {onOpen && (
        <Menu
          label={`Actions for token ending in ${secret.secret_suffix}`}
          trigger="icon"
          items={[
            { label: 'Regenerate token…', onSelect: () => onOpen({ kind: 'regenerate' }) },
            { label: 'Add another token…', onSelect: () => onOpen({ kind: 'add' }) },
            { label: 'Revoke this token…', tone: 'bad', onSelect: () => onOpen({ kind: 'revoke', secret }) },
          ]}
        />
      )}
    </li>
  );
}
