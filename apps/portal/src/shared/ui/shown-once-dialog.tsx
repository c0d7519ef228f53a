import { useState, type ReactNode } from 'react';
import { useAskBeforeUnload } from '../hooks/use-ask-before-unload';
import { Button } from './button';
import { CopyField } from './copy-field';
import { Dialog } from './dialog';
import { Notice } from './notice';

interface OneTimeValue {
  label: string;
  value: string;
  hint?: ReactNode;
}

interface ShownOnceDialogProps {
  title: string;
  /** What they are for. */
  lead: ReactNode;
  values: readonly OneTimeValue[];
  onClose: () => void;
  children?: ReactNode;
}

/** Secrets that are shown this once: who closes the dialog without having copied one is asked, and so is who leaves the page. */
export function ShownOnceDialog({ title, lead, values, onClose, children }: ShownOnceDialogProps) {
  const [isCopied, setIsCopied] = useState(false);
  const [isWarned, setIsWarned] = useState(false);
  useAskBeforeUnload(!isCopied);
  const close = () => {
    if (isCopied || isWarned) onClose();
    else setIsWarned(true);
  };
  return (
    <Dialog
      title={title}
      onClose={close}
      footer={
        <Button tone={isCopied ? 'primary' : 'secondary'} onClick={close}>
          {isWarned && !isCopied ? 'Close without copying' : 'Done'}
        </Button>
      }
    >
      <p>{lead}</p>
      {values.map(({ label, value, hint }) => (
        <CopyField key={label} label={label} value={value} hint={hint} onCopied={() => setIsCopied(true)} />
      ))}
      {children}
      {isWarned && !isCopied && (
        <Notice tone="waiting" role="alert" title="Nothing was copied yet">
          Once this is closed nobody can show it again: you would have to rotate it.
        </Notice>
      )}
    </Dialog>
  );
}
