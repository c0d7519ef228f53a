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
          {issued ? 'Tokens of this directory' : 'Bearer token'}
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
        label="Bearer token"
        value={value}
        testId="bearer-token"
        onCopied={() => fresh.markCopied(directoryId)}
      />
      <div className={styles.freshFooter}>
        <p className={styles.once}>
          <Icon name="lock" size={16} />
          Copy your bearer token now. You won’t be able to see it again.
        </p>
        <Button
          icon="download"
          onClick={() => {
            saveToken(directory, value);
            fresh.markCopied(directoryId);
          }}
        >
          Download
        </Button>
        <Button className={styles.done} onClick={isCopied ? onFinish : () => setIsAsking(true)}>
          I have copied it
        </Button>
      </div>
      {isAsking && (
        <ConfirmDialog
          title="Have you stored it?"
          confirmLabel="Yes, hide it"
          busy={false}
          error={null}
          onConfirm={onFinish}
          onClose={() => setIsAsking(false)}
        >
          <p>
            The token was not copied with one of the buttons on this page. Once it is hidden, nobody can show it again:
            you would have to regenerate it.
          </p>
        </ConfirmDialog>
      )}
    </div>
  );
}
