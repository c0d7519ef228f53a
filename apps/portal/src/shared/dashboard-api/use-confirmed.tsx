import { useState, type ReactNode } from 'react';
import { useMutation, type UseMutationOptions, type UseMutationResult } from '@tanstack/react-query';
import { PortalError } from '../api/portal-error';
import { ConfirmDialog } from '../ui/dialog';
import { PasswordField } from '../ui/password-field';
import { callDashboard } from './dashboard-api';

function asksForConfirmation(error: unknown): boolean {
  return error instanceof PortalError && error.code === 'confirmation_required';
}

type Confirmed<Data, Variables> = Pick<
  UseMutationResult<Data, Error, Variables>,
  'data' | 'error' | 'isPending' | 'isSuccess' | 'mutate' | 'reset'
> & {
  /** To be drawn: the question for the password, while there is one. */
  question: ReactNode;
};

/**
 * A change for which the server may ask the member to prove who they are, if that was some time ago: the password is then asked for,
 * and the change is made.
 */
export function useConfirmed<Data, Variables = void>(
  options: UseMutationOptions<Data, Error, Variables>,
): Confirmed<Data, Variables> {
  const mutation = useMutation(options);
  const { data, error, isPending, isSuccess, mutate, reset } = mutation;
  const isAsked = asksForConfirmation(error);
  const again = () => {
    if (mutation.isError) mutate(mutation.variables);
  };
  return {
    data,
    error: isAsked ? null : error,
    isPending,
    isSuccess,
    mutate,
    reset,
    question: isAsked ? <ConfirmIdentityDialog onConfirmed={again} onClose={reset} /> : null,
  };
}

function ConfirmIdentityDialog({ onConfirmed, onClose }: { onConfirmed: () => void; onClose: () => void }) {
  const [password, setPassword] = useState('');
  const confirm = useMutation({
    mutationFn: () => callDashboard<void>('POST', '/session:confirm', { body: { password } }),
    onSuccess: onConfirmed,
  });
  return (
    <ConfirmDialog
      title="Confirm that it is you"
      confirmLabel="Confirm"
      busy={confirm.isPending}
      error={confirm.error}
      blocked={password === ''}
      onConfirm={() => confirm.mutate()}
      onClose={onClose}
    >
      <p>This changes how one signs in. For ten minutes you will not be asked again.</p>
      <PasswordField label="Your password" value={password} onChange={setPassword} />
    </ConfirmDialog>
  );
}
