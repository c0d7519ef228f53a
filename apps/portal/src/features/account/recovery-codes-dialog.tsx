import { saveFile } from '../../shared/api/save-file';
import { Button } from '../../shared/ui/button';
import { CopyButton } from '../../shared/ui/copy-button';
import { Dialog } from '../../shared/ui/dialog';
import styles from './account.module.css';

/** The recovery codes, this once: to be copied or downloaded. */
export function RecoveryCodesDialog({ codes, onClose }: { codes: readonly string[]; onClose: () => void }) {
  const text = codes.join('\n');
  return (
    <Dialog
      title="Store these recovery codes"
      onClose={onClose}
      footer={
        <Button tone="primary" onClick={onClose}>
          I have stored them
        </Button>
      }
    >
      <p>
        Each signs you in once when your second factor is lost. They are shown only now, and those of before do not work
        any more.
      </p>
      <ul className={styles.codes} aria-label="Recovery codes">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className={styles.actions}>
        <CopyButton value={text} label="recovery codes" />
        <Button onClick={() => save(text)}>Download</Button>
      </div>
    </Dialog>
  );
}

function save(text: string): void {
  const file = new Blob([`Recovery codes for Rollcall at ${location.host}\n\n${text}\n`]);
  saveFile(file, 'rollcall-recovery-codes.txt');
}
