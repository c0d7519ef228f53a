import { useState } from 'react';
import { EMAIL_LENGTH_MAX } from '@rollcall/contract';
import { useQuery } from '@tanstack/react-query';
import { useLocation } from 'react-router';
import type { MemberRole } from '../../shared/dashboard-api/dashboard-api';
import { describeError } from '../../shared/api/describe-error';
import { isTransient, PortalError } from '../../shared/api/portal-error';
import { useOneShot } from '../../shared/hooks/use-one-shot';
import { Button } from '../../shared/ui/button';
import { TextField } from '../../shared/ui/field';
import { ForeignText } from '../../shared/ui/foreign-text';
import { StatusPage } from '../../shared/ui/status-page';
import { FrontForm } from './front-form';
import { FrontPage } from './front-page';
import { PasswordField } from '../../shared/ui/password-field';
import { acceptInvitation, lookUpInvitation, type InvitationFacts } from './sign-in-api';

const RIGHTS: Record<MemberRole, string> = {
  owner: 'an owner, who may do everything',
  admin: 'an admin, who may change everything but members and sign-in',
  viewer: 'a viewer, who may look and change nothing',
};

/** Where an invitation leads: what one is invited to, and the account to be made. */
export function InvitationPage() {
  const token = useLocation().hash.replace(/^#/, '').trim();
  const invitation = useQuery({
    queryKey: ['invitation', token],
    queryFn: () => lookUpInvitation(token),
    enabled: token !== '',
    staleTime: Infinity,
  });
  if (token === '') return <Failure error={new PortalError(404, 'invitation_incomplete', '')} />;
  if (invitation.data) return <AcceptPage token={token} facts={invitation.data} />;
  if (invitation.error === null) return <StatusPage title="Opening your invitation" isBusy />;
  return <Failure error={invitation.error} onRetry={() => void invitation.refetch()} />;
}

function AcceptPage({ token, facts }: { token: string; facts: InvitationFacts }) {
  const [name, setName] = useState('');
  const [email, setEmail] = useState(facts.email ?? '');
  const [password, setPassword] = useState('');
  const { role, environment, member_exists: isKnown } = facts;
  const accept = useOneShot({
    mutationFn: () =>
      acceptInvitation({ token, email: email.trim(), password, ...(!isKnown && { name: name.trim() }) }),
    onSuccess: () => location.replace('/dashboard'),
  });
  return (
    <FrontPage
      title="You are invited to Rollcall"
      lead={
        <p>
          To{' '}
          <strong>
            <ForeignText text={environment.name} />
          </strong>{' '}
          as {RIGHTS[role]}. {isKnown ? 'You have an account already: join with its password.' : ''}
        </p>
      }
    >
      <FrontForm
        submitLabel={isKnown ? 'Join' : 'Create account'}
        busy={accept.isPending}
        error={accept.error}
        onSubmit={() => accept.mutate()}
      >
        {!isKnown && (
          <TextField label="Name" required value={name} maxLength={200} autoComplete="name" onChange={setName} />
        )}
        <TextField
          label="Email"
          type="email"
          required
          readOnly={facts.email !== null}
          value={email}
          maxLength={EMAIL_LENGTH_MAX}
          autoComplete="username"
          hint={facts.email === null ? undefined : 'The invitation is for this address.'}
          onChange={setEmail}
        />
        <PasswordField isNew={!isKnown} value={password} onChange={setPassword} />
      </FrontForm>
    </FrontPage>
  );
}

function Failure({ error, onRetry }: { error: Error; onRetry?: () => void }) {
  if (onRetry && isTransient(error)) {
    const { title } = describeError(error);
    return (
      <StatusPage
        title="Your invitation could not be opened"
        actions={
          <Button tone="primary" icon="refresh" onClick={onRetry}>
            Try again
          </Button>
        }
      >
        <p>{title}.</p>
      </StatusPage>
    );
  }
  return (
    <StatusPage title="This invitation does not work any more">
      <p>
        It was used, withdrawn, or is older than seven days, or a part of its address is missing. Ask whoever invited
        you for a new one.
      </p>
    </StatusPage>
  );
}
