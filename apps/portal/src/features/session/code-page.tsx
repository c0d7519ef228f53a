import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { useMutation } from '@tanstack/react-query';
import { describeError, type ErrorDescription } from '../../shared/api/describe-error';
import { sendCode } from '../../shared/api/portal-api';
import { useNow } from '../../shared/hooks/use-now';
import { Button } from '../../shared/ui/button';
import { TextField } from '../../shared/ui/field';
import { ForeignText } from '../../shared/ui/foreign-text';
import { StatusPage } from '../../shared/ui/status-page';
import { describeCodeFailure } from './describe-code-failure';
import styles from './code-page.module.css';

interface CodePageProps {
  linkToken: string;
  /** Why the code that was typed last does not open the portal; null before the first. */
  error: Error | null;
  isOpening: boolean;
  onOpen: (code: string) => void;
}

/** Asks for the code that is sent to the address to which the link was mailed. */
export function CodePage({ linkToken, error, isOpening, onOpen }: CodePageProps) {
  const [code, setCode] = useState('');
  const { sent, send, failure } = useSentCode(linkToken);
  const problem = error ? (describeCodeFailure(error) ?? describeError(error)) : failure;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isOpening && code.trim() !== '') onOpen(code.trim());
  };
  return (
    <StatusPage title={t`Type the code that we sent you`} isBusy={sent === undefined && failure === null}>
      {sent && (
        <p>
          <Trans>
            This link was sent by mail, so it opens only for who reads that mailbox. A code is on its way to{' '}
            <strong>
              <ForeignText text={sent.email} />
            </strong>{' '}
            and is good for ten minutes.
          </Trans>
        </p>
      )}
      <form className={styles.form} onSubmit={submit}>
        <TextField
          label={t({ message: `Code`, context: `sent by mail` })}
          value={code}
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={12}
          spellCheck={false}
          aria-invalid={error !== null || undefined}
          onChange={setCode}
        />
        {problem && (
          <p className={styles.problem} role="alert">
            <Problem {...problem} />
          </p>
        )}
        <Button type="submit" tone="primary" busy={isOpening} unavailable={code.trim() === ''}>
          <Trans>Open the portal</Trans>
        </Button>
      </form>
      <ResendButton resendTime={sent?.resend_time} isSending={send.isPending} onSend={() => send.mutate(true)} />
    </StatusPage>
  );
}

function Problem({ title, advice }: ErrorDescription) {
  return (
    <Trans>
      <strong>{title}.</strong> {advice}
    </Trans>
  );
}

/** The code that was sent when the page was opened; a page that is loaded again finds it still good. */
function useSentCode(linkToken: string) {
  const send = useMutation({ mutationFn: (resend: boolean) => sendCode({ linkToken, resend }) });
  const asked = useRef(false);
  const { mutate } = send;
  useEffect(() => {
    // A repeated effect must not send two.
    if (asked.current) return;
    asked.current = true;
    mutate(false);
  }, [mutate]);
  const [sent, setSent] = useState(send.data);
  if (send.data && send.data !== sent) setSent(send.data);
  const failure = send.error ? (describeCodeFailure(send.error) ?? describeError(send.error)) : null;
  return { sent, send, failure };
}

interface ResendButtonProps {
  /** Undefined: nothing was sent yet. Null: there is no other one. */
  resendTime: string | null | undefined;
  isSending: boolean;
  onSend: () => void;
}

const TICK_MS = 1_000;

function ResendButton({ resendTime, isSending, onSend }: ResendButtonProps) {
  const now = useNow(TICK_MS);
  if (resendTime === null) {
    return (
      <p>
        <Trans>This was the last code for this link.</Trans>
      </p>
    );
  }
  const seconds = resendTime === undefined ? 0 : Math.floor((Date.parse(resendTime) - now.getTime()) / 1_000);
  return (
    <Button tone="quiet" busy={isSending} unavailable={seconds > 0} onClick={onSend}>
      {seconds > 0 ? t`Send another code in ${seconds} s` : t`Send another code`}
    </Button>
  );
}
