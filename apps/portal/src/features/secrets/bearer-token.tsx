import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import type { Directory } from '@rollcall/sdk';
import { flushSync } from 'react-dom';
import { Button } from '../../shared/ui/button';
import { CopyField } from '../../shared/ui/copy-field';
import { ConfirmDialog } from '../../shared/ui/dialog';
import { Icon } from '../../shared/ui/icon';
import { isFocusNowhere } from '../../shared/ui/rescue-focus';
import { useFreshSecrets } from './fresh-secrets';
import { saveToken } from './save-token';
import styles from './directory-details-card.module.css';

/** The token of a directory while it can be read, and below it, as children, what is known of all of them. */
export function BearerToken({ directory, children }: { directory: Directory; children: ReactNode }) {
  const { find, forget } = useFreshSecrets();
  const heading = useRef<HTMLHeadingElement>(null);
  const issued = find(directory.id);

  const finish = () => {
    // The button that has the focus goes away: what the reader goes on with is the list.
    flushSync(() => forget(directory.id));
    heading.current?.focus();
  };
  return (
    <div className={styles.token}>
      {issued && (
        <FreshToken key={issued.secret.id} value={issued.plain_secret} directory={directory} onFinish={finish} />
      )}
      <div>
        <h3 ref={heading} tabIndex={-1} className={styles.heading}>
          {issued ? t`Tokens of this directory` : t`Bearer token`}
        </h3>
      </div>
      {children}
    </div>
  );
}

interface FreshTokenProps {
  value: string;
  directory: Directory;
  /** Called when the reader has no more need of it. */
  onFinish: () => void;
}

function FreshToken({ value, directory, onFinish }: FreshTokenProps) {
  const { id: directoryId } = directory;
  const fresh = useFreshSecrets();
  const [isAsking, setIsAsking] = useState(false);
  const isCopied = fresh.find(directoryId)?.isCopied ?? false;
  const frame = useRef<HTMLDivElement>(null);

  // The button that asked for it may be gone and its focus with it: copying is what comes next.
  useLayoutEffect(() => {
    if (isFocusNowhere()) frame.current?.querySelector('button')?.focus();
  }, []);

  return (
    <div ref={frame} className={styles.fresh} data-testid="fresh-token">
      <CopyField
        label={t`Bearer token`}
        value={value}
        testId="bearer-token"
        onCopied={() => fresh.markCopied(directoryId)}
      />
      <div className={styles.freshFooter}>
        <p className={styles.once}>
          <Icon name="lock" size={16} />
          <Trans>Copy your bearer token now. You won’t be able to see it again.</Trans>
        </p>
        <Button
          icon="download"
          onClick={() => {
            saveToken(directory, value);
            fresh.markCopied(directoryId);
          }}
        >
          <Trans>Download</Trans>
        </Button>
        <Button className={styles.done} onClick={isCopied ? onFinish : () => setIsAsking(true)}>
          <Trans>I have copied it</Trans>
        </Button>
      </div>
      {isAsking && (
        <ConfirmDialog
          title={t`Have you stored it?`}
          confirmLabel={t`Yes, hide it`}
          busy={false}
          error={null}
          onConfirm={onFinish}
          onClose={() => setIsAsking(false)}
        >
          <p>
            <Trans>
              The token was not copied with one of the buttons on this page. Once it is hidden, nobody can show it
              again: you would have to regenerate it.
            </Trans>
          </p>
        </ConfirmDialog>
      )}
    </div>
  );
}
