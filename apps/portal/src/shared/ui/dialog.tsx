import { t } from '@lingui/core/macro';
import { useId, useLayoutEffect, useRef, type FormEvent, type MouseEvent, type ReactNode } from 'react';
import { Announcer } from './announcer';
import { Button, IconButton } from './button';
import { ErrorNotice } from './notice';
import styles from './dialog.module.css';

interface DialogProps {
  title: ReactNode;
  /** Called on Escape, on the backdrop and on the close button; the caller then stops rendering the dialog. */
  onClose: () => void;
  variant?: 'centered' | 'drawer';
  footer?: ReactNode;
  children: ReactNode;
}

/**
 * A modal <dialog>, open for as long as it is rendered. The browser keeps focus inside and gives it back to what had it,
 * if it is closed before it leaves the document: hence the layout effect.
 */
export function Dialog({ title, onClose, variant = 'centered', footer, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();

  useLayoutEffect(() => {
    const element = dialog.current;
    if (!element) return undefined;
    element.showModal();
    focusFirstField(element);
    return () => element.close();
  }, []);

  const closeOnBackdrop = (event: MouseEvent) => {
    if (event.target === dialog.current) onClose();
  };

  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions -- a click on the backdrop; the key for it is Escape, handled by onCancel
    <dialog
      ref={dialog}
      className={`${styles.dialog} ${styles[variant] ?? ''}`}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={closeOnBackdrop}
    >
      <Announcer testId="dialog-announcer">
        <div className={styles.frame}>
          {/* Not <header> and <footer>: of a dialog in the page's header they would be landmarks within a landmark. */}
          <div className={styles.header}>
            <h2 id={titleId}>{title}</h2>
            <IconButton icon="close" label={t`Close`} className={styles.close} onClick={onClose} />
          </div>
          <div className={styles.body}>{children}</div>
          {footer && <div className={styles.footer}>{footer}</div>}
        </div>
      </Announcer>
    </dialog>
  );
}

/** The browser would begin at the close button; a dialog that asks for something begins with that. */
function focusFirstField(dialog: HTMLElement): void {
  dialog.querySelector<HTMLInputElement>('input:checked, input:not([type="radio"]):not([readonly])')?.focus();
}

interface ConfirmDialogProps {
  title: string;
  confirmLabel: string;
  tone?: 'primary' | 'danger';
  busy: boolean;
  error: unknown;
  /** While true the confirm button is there but refuses. */
  blocked?: boolean;
  onConfirm: () => void;
  onClose: () => void;
  children: ReactNode;
}

/** A dialog with one decision; it stays open with the error when the action fails. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { title, confirmLabel, tone = 'primary', busy, error, blocked = false, onConfirm, onClose, children } = props;
  const formId = useId();

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!busy && !blocked) onConfirm();
  };

  return (
    <Dialog
      title={title}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t`Cancel`}</Button>
          <Button type="submit" form={formId} tone={tone} busy={busy} disabled={blocked}>
            {confirmLabel}
          </Button>
        </>
      }
    >
      <form id={formId} className={styles.form} onSubmit={submit}>
        {children}
      </form>
      {error !== null && error !== undefined && <ErrorNotice error={error} />}
    </Dialog>
  );
}
