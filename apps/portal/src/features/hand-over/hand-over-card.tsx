import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import type { Directory } from '@rollcall/sdk';
import { findProvider } from '../../shared/providers/provider-catalogue';
import { Card } from '../../shared/ui/card';
import { CopyButton } from '../../shared/ui/copy-button';
import { CopyField } from '../../shared/ui/copy-field';
import { Notice } from '../../shared/ui/notice';
import { writeMessage } from './write-message';
import styles from './hand-over-card.module.css';

interface HandOverCardProps {
  directory: Directory;
  organization: string;
  /** The bearer token while it can still be read. */
  token: string | null;
  /** Called when it was copied. */
  onTokenCopied: () => void;
}

/** What an admin sends to a colleague who administers the identity provider. */
export function HandOverCard({ directory, organization, token, onTokenCopied }: HandOverCardProps) {
  const { name, shortName } = findProvider(directory.directory_provider);
  const message = writeMessage(directory, name, organization);
  return (
    <Card
      title={t`Or send the two values yourself`}
      lead={t`For whoever administers ${{ provider: shortName }}: send the message, and the token another way.`}
    >
      <div className={styles.stack}>
        <section aria-label={t`Message`} className={styles.message}>
          <p data-testid="hand-over-message" className={styles.text}>
            {message}
          </p>
          <CopyButton value={message} label={t`message`} />
        </section>
        {token === null ? (
          <Notice title={t`The token cannot be read any more`}>
            <Trans>
              If nobody has noted it down, regenerate it on the page “Configuration”, and come back before you leave
              that page.
            </Trans>
          </Notice>
        ) : (
          <CopyField label={t`Bearer token`} value={token} onCopied={onTokenCopied} />
        )}
        <p className={styles.hint}>
          <Trans>
            Send the token by a way that others cannot read, such as a shared vault. This page shows above when the
            first request arrives; you can come back to its address while your session lasts.
          </Trans>
        </p>
      </div>
    </Card>
  );
}
