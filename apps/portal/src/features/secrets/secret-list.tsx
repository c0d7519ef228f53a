import { i18n, type MessageDescriptor } from '@lingui/core';
import { msg, plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useState } from 'react';
import type { Directory, DirectorySecret, DirectorySecretStatus } from '@rollcall/sdk';
import type { StatusTone } from '../../shared/format/directory-status';
import { formatDate, formatDateTime } from '../../shared/format/format-time';
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

const STATUS: Record<DirectorySecretStatus, { tone: StatusTone; label: MessageDescriptor }> = {
  ACTIVE: { tone: 'good', label: msg({ message: 'Active', context: 'token' }) },
  EXPIRED: { tone: 'neutral', label: msg({ message: 'Expired', context: 'token' }) },
  REVOKED: { tone: 'neutral', label: msg({ message: 'Revoked', context: 'token' }) },
};
const REPLACED = { tone: 'waiting', label: msg({ message: 'Replaced', context: 'token' }) } as const;

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
      {active.length > 0 && <Secrets label={t`Active tokens`} secrets={active.slice(0, SHOWN)} {...shared} />}
      {folded.length > 0 && (
        <details className={styles.inactive}>
          <summary>
            {plural({ tokens: folded.length }, { one: '# more active token', other: '# more active tokens' })}
          </summary>
          <Secrets label={t`Older tokens in use`} secrets={folded} {...shared} />
        </details>
      )}
      {inactive.length > 0 && (
        <details className={styles.inactive}>
          <summary>
            {plural(
              { tokens: inactive.length },
              { one: '# token no longer in use', other: '# tokens no longer in use' },
            )}
          </summary>
          <Secrets label={t`Tokens no longer in use`} secrets={inactive} />
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
          provider={inUse?.ids.has(secret.id) ? inUse.by : null}
        />
      ))}
    </ul>
  );
}

interface SecretItemProps extends Pick<SecretsProps, 'onOpen'> {
  secret: DirectorySecret;
  /** The identity provider that calls with it; null: none does. */
  provider: string | null;
}

function SecretItem({ secret, onOpen, provider }: SecretItemProps) {
  const { tone, label } = secret.status === 'ACTIVE' && secret.replaced_time ? REPLACED : STATUS[secret.status];
  const suffix = secret.secret_suffix;
  const unseen = findUnseen(useFreshSecrets().findUnanswered(secret.directory_id), [secret]);
  return (
    <li className={styles.secret} data-testid="secret">
      <div className={styles.secretBody}>
        <p className={styles.secretLine}>
          {secret.name && <span className={styles.secretName}>{secret.name}</span>}
          <Trans>
            <span className="visually-hidden">Token ending in</span>
            <code className={styles.suffix}>•••{suffix}</code>
          </Trans>
          <Badge tone={tone}>{i18n._(label)}</Badge>
          {provider !== null && (
            <Badge tone="good">
              <Trans>In use by {provider}</Trans>
            </Badge>
          )}
          {unseen.length > 0 && secret.status === 'ACTIVE' && (
            <Badge tone="bad">
              <Trans context="token">Never shown</Trans>
            </Badge>
          )}
        </p>
        <dl className={styles.facts}>
          <div>
            <dt>
              <Trans context="token">Created</Trans>
            </dt>
            <dd title={formatDateTime(secret.create_time)}>{formatDate(secret.create_time)}</dd>
          </div>
          <div>
            <dt>
              {secret.status === 'EXPIRED'
                ? t({ message: 'Expired', context: 'when a token expired' })
                : t({ message: 'Expires', context: 'when a token expires' })}
            </dt>
            <dd>
              {secret.expire_time ? (
                <RelativeTime time={secret.expire_time} />
              ) : (
                <Trans context="when a token expires">never</Trans>
              )}
            </dd>
          </div>
          <div>
            <dt>
              <Trans context="token">Last used</Trans>
            </dt>
            <dd>
              {secret.last_used_time ? (
                <RelativeTime time={secret.last_used_time} />
              ) : (
                <Trans context="when a token was used">never</Trans>
              )}
            </dd>
          </div>
        </dl>
        {secret.retire_when_seen && secret.status === 'ACTIVE' && (
          <p className={styles.retires}>
            <Trans>Ends once only the token that replaces it has been used for an hour.</Trans>
          </p>
        )}
      </div>
      {onOpen && (
        <Menu label={t`Actions for token ending in ${suffix}`} trigger="icon" items={listActions(secret, onOpen)} />
      )}
    </li>
  );
}

/** A token that has been replaced is not replaced again. While servers are replaced, one of before says nothing of that. */
function listActions(secret: DirectorySecret, onOpen: (dialog: OpenDialog) => void): MenuItem[] {
  const regenerate: MenuItem = {
    label: t`Regenerate token…`,
    onSelect: () => onOpen({ kind: 'regenerate', secret }),
  };
  return [
    ...(!secret.replaced_time ? [regenerate] : []),
    { label: t`Add another token…`, onSelect: () => onOpen({ kind: 'add' }) },
    { label: t`Revoke this token…`, tone: 'bad', onSelect: () => onOpen({ kind: 'revoke', secret }) },
  ];
}
