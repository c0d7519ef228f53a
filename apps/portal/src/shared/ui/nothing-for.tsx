import { Trans } from '@lingui/react/macro';
import { ForeignText } from './foreign-text';

/** What an empty list says when it was searched. */
export function NothingFor({ query }: { query: string }) {
  return (
    <Trans>
      Nothing here for “<ForeignText text={query} />
      ”.
    </Trans>
  );
}
