import { useState } from 'react';
import { EMAIL_LENGTH_MAX } from '@rollcall/contract';
import { useQuery } from '@tanstack/react-query';
import { useLocation } from 'react-router';
import { useOneShot } from '../../shared/hooks/use-one-shot';
import { environmentOfAddress } from '../../shared/management-api/environment-address';
import { Button } from '../../shared/ui/button';
import { TextField } from '../../shared/ui/field';
import { ForeignText } from '../../shared/ui/foreign-text';
import { ErrorNotice, Notice } from '../../shared/ui/notice';
import { backAddress } from './back-address';
import { FrontForm } from './front-form';
import { FrontPage } from './front-page';
import { PasswordField } from '../../shared/ui/password-field';
import { SecondFactorPage } from './second-factor-page';
import { getSignInWays, signIn, type SecondFactorStep, type SignInWays } from './sign-in-api';
import { hasPasskeys, usePasskeySignIn } from './use-passkey';
import styles from './front-page.module.css';

/** By password, passkey or single sign-on; then back to where one came from. */
export function SignInPage() {
  const { search } = useLocation();
  const back = backAddress(search);
  const [step, setStep] = useState<SecondFactorStep | null>(null);
  const goOn = () => location.replace(back);
  if (step) return <SecondFactorPage step={step} onSignedIn={goOn} onBack={() => setStep(null)} />;
  return <FirstFactorPage back={back} onStep={setStep} onSignedIn={goOn} />;
}

interface FirstFactorPageProps {
  back: string;
  onStep: (step: SecondFactorStep) => void;
  onSignedIn: () => void;
}

function FirstFactorPage({ back, onStep, onSignedIn }: FirstFactorPageProps) {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const isRefused = new URLSearchParams(useLocation().search).has('error');
  const environmentId = environmentOfAddress(back);
  const ways = useQuery({
    queryKey: ['sign-in', environmentId],
    queryFn: ({ signal }) => getSignInWays(environmentId, signal),
  });
  const enter = useOneShot({
    mutationFn: () => signIn({ email: email.trim(), password }),
    onSuccess: (step) => (step ? onStep(step) : onSignedIn()),
  });
  return (
    <FrontPage title="Sign in to Rollcall" foot={<Foot />}>
      {/* What the address says besides is not shown: anybody can write an address. */}
      {isRefused && (
        <Notice tone="bad" role="alert" title="Single sign-on did not sign you in">
          Try again. If it keeps happening, ask an owner: your address may be of a domain that is not allowed, or not
          verified, or you have not been invited. The server’s log says which.
        </Notice>
      )}
      <FrontForm submitLabel="Sign in" busy={enter.isPending} error={enter.error} onSubmit={() => enter.mutate()}>
        <TextField
          label="Email"
          type="email"
          required
          value={email}
          maxLength={EMAIL_LENGTH_MAX}
          autoComplete="username webauthn"
          onChange={setEmail}
        />
        <PasswordField value={password} onChange={setPassword} />
      </FrontForm>
      <OtherWays ways={ways.data} back={back} onSignedIn={onSignedIn} />
    </FrontPage>
  );
}

function OtherWays({ ways, back, onSignedIn }: { ways: SignInWays | undefined; back: string; onSignedIn: () => void }) {
  const passkey = usePasskeySignIn(onSignedIn);
  const sso = ways?.single_sign_on;
  if (!sso && !hasPasskeys()) return null;
  return (
    <>
      <p className={styles.or}>or</p>
      <div className={styles.ways}>
        {hasPasskeys() && (
          <Button icon="key" busy={passkey.isPending} onClick={() => passkey.mutate(undefined)}>
            Use a passkey
          </Button>
        )}
        {sso && (
          <Button
            icon="lock"
            onClick={() => location.assign(`/dashboard/api/sign_in/sso?${toQuery(sso.environment_id, back)}`)}
          >
            <span>
              Continue with <ForeignText text={sso.name} />
            </span>
          </Button>
        )}
      </div>
      {passkey.isError && <ErrorNotice error={passkey.error} />}
    </>
  );
}

function toQuery(environmentId: string, back: string): string {
  return new URLSearchParams({ environment_id: environmentId, back }).toString();
}

function Foot() {
  return (
    <>
      <p>
        Were you sent a link to connect your organization’s identity provider? Open that link itself, or go back to the{' '}
        <a href="/portal">Admin Portal</a>.
      </p>
      <p>
        Building an application? <a href="/api/docs">Read the API reference</a>.
      </p>
    </>
  );
}
