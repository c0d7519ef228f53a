import { useState } from 'react';
import { useOneShot } from '../../shared/hooks/use-one-shot';
import { Button } from '../../shared/ui/button';
import { TextField } from '../../shared/ui/field';
import { ErrorNotice } from '../../shared/ui/notice';
import { FrontForm } from './front-form';
import { FrontPage } from './front-page';
import { giveSecondFactor, type SecondFactorStep } from './sign-in-api';
import { hasPasskeys, usePasskeySignIn } from './use-passkey';
import styles from './front-page.module.css';

interface SecondFactorPageProps {
  step: SecondFactorStep;
  onSignedIn: () => void;
  /** Called to begin anew. */
  onBack: () => void;
}

/** What is asked for after the password: a code of the authenticator app, a passkey, or one of the recovery codes. */
export function SecondFactorPage({ step, onSignedIn, onBack }: SecondFactorPageProps) {
  const { token, methods } = step;
  const [isRecovering, setIsRecovering] = useState(!methods.includes('totp') && !methods.includes('passkey'));
  const [code, setCode] = useState('');
  const give = useOneShot({
    mutationFn: () => giveSecondFactor({ token, code: code.trim() }),
    onSuccess: onSignedIn,
  });
  const passkey = usePasskeySignIn(onSignedIn);
  const asksForCode = isRecovering || methods.includes('totp');
  const toggle = () => {
    setIsRecovering(!isRecovering);
    setCode('');
  };
  return (
    <FrontPage title={isRecovering ? 'Use a recovery code' : 'Confirm that it is you'}>
      {asksForCode && (
        <FrontForm submitLabel="Confirm" busy={give.isPending} error={give.error} onSubmit={() => give.mutate()}>
          <CodeField isRecovery={isRecovering} value={code} onChange={setCode} />
        </FrontForm>
      )}
      {!isRecovering && methods.includes('passkey') && hasPasskeys() && (
        <div className={styles.ways}>
          <Button
            icon="key"
            tone={asksForCode ? 'secondary' : 'primary'}
            busy={passkey.isPending}
            onClick={() => passkey.mutate(token)}
          >
            Use a passkey
          </Button>
          {passkey.isError && <ErrorNotice error={passkey.error} />}
        </div>
      )}
      {methods.includes('recovery_code') && (
        <button type="button" className={styles.link} onClick={toggle}>
          {isRecovering ? 'Use another way' : 'Use a recovery code'}
        </button>
      )}
      <button type="button" className={styles.link} onClick={onBack}>
        Begin again
      </button>
    </FrontPage>
  );
}

function CodeField({
  isRecovery,
  value,
  onChange,
}: {
  isRecovery: boolean;
  value: string;
  onChange: (value: string) => void;
}) {
  if (isRecovery) {
    return (
      <TextField
        key="recovery"
        label="Recovery code"
        required
        value={value}
        autoComplete="off"
        spellCheck={false}
        hint="One of those that you stored. Each works once."
        onChange={onChange}
      />
    );
  }
  return (
    <TextField
      key="totp"
      label="Code"
      required
      inputMode="numeric"
      pattern="[0-9 ]{6,7}"
      title="Six digits"
      value={value}
      autoComplete="one-time-code"
      hint="Six digits, from your authenticator app."
      onChange={onChange}
    />
  );
}
