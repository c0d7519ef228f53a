import { useRef } from 'react';
import type { Directory, IssuedDirectorySecret } from '@rollcall/sdk';
import { isOutcomeUnknown } from '../../shared/api/portal-error';
import { useOneShot } from '../../shared/hooks/use-one-shot';
import { useFreshSecrets } from './fresh-secrets';
import { useIssued } from './use-issued';

/** What issues a token of a directory, once; its failure is the caller's to show. One whose answer is lost is noted as never shown. */
export function useIssue(
  directory: Directory,
  { issue, onDone }: { issue: () => Promise<IssuedDirectorySecret>; onDone?: () => void },
) {
  const onIssued = useIssued();
  const { noteUnanswered } = useFreshSecrets();
  // The live stream may tell of the token before its answer is given up.
  const before = useRef(directory);
  return useOneShot({
    mutationFn: () => {
      before.current = directory;
      return issue();
    },
    onSuccess: (issued) => onIssued(issued, onDone),
    onError: (error) => {
      if (isOutcomeUnknown(error)) noteUnanswered(before.current);
    },
  });
}
