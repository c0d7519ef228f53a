import { Trans } from '@lingui/react/macro';
import { useEffect, useState } from 'react';
import { ForeignText } from '../../shared/ui/foreign-text';
import { useFreshSecrets } from './fresh-secrets';
import { useUncopiedNames } from './use-uncopied-names';

/** For a page that ends the portal: says which tokens went with it before anybody copied them, and forgets them all. */
export function LostTokens({ areRevoked = false }: { areRevoked?: boolean }) {
  const names = useUncopiedNames();
  const { forgetAll } = useFreshSecrets();
  const [lost] = useState(names);
  useEffect(() => forgetAll(), [forgetAll]);
  if (areRevoked) return null;
  return lost.map((name) => (
    <p key={name}>
      <Trans>
        <strong>
          The token <ForeignText text={name} /> was not copied.
        </strong>{' '}
        Nobody can show it again: regenerate it when you have the portal open again.
      </Trans>
    </p>
  ));
}
