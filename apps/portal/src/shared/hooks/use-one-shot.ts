import { useRef } from 'react';
import { useMutation, type UseMutationOptions, type UseMutationResult } from '@tanstack/react-query';

/**
 * A mutation that succeeds once: while it is under way and after it has succeeded, calling `mutate` does nothing. A button's
 * `busy` alone comes too late for a double press, which is faster than the page is drawn anew. After a failure it can be called
 * again.
 */
export function useOneShot<Data, Variables = void>(
  options: UseMutationOptions<Data, Error, Variables>,
): Pick<UseMutationResult<Data, Error, Variables>, 'error' | 'isError' | 'isPending' | 'variables'> & {
  mutate: (variables: Variables) => void;
} {
  const isTaken = useRef(false);
  const mutation = useMutation(options);
  const mutate = (variables: Variables) => {
    if (isTaken.current) return;
    isTaken.current = true;
    mutation.mutate(variables, {
      onError: () => {
        isTaken.current = false;
      },
    });
  };
  const { error, isError, isPending, variables } = mutation;
  return { error, isError, isPending, variables, mutate };
}
