import { useMutation } from '@tanstack/react-query';
import { isSessionError } from '../shared/api/portal-error';
import { signOut } from '../shared/dashboard-api/dashboard-api';

interface SigningOut {
  isPending: boolean;
  /** Why the member is still signed in. */
  failure: Error | null;
  mutate: () => void;
}

/** Ends the session and goes to the page to sign in. @param onFailure is told why it did not */
export function useSignOut(onFailure?: (error: Error) => void): SigningOut {
  const leave = () => location.assign('/dashboard/sign-in');
  const { error, isPending, mutate } = useMutation({
    mutationFn: signOut,
    onSuccess: leave,
    // Somebody else has ended the session: that is what was asked for.
    onError: (failure) => (isSessionError(failure) ? leave() : onFailure?.(failure)),
  });
  return { isPending, failure: isSessionError(error) ? null : error, mutate: () => mutate() };
}
