import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useState } from 'react';
import { useLocation } from 'react-router';
import { describeError } from '../../shared/api/describe-error';
import { PortalError } from '../../shared/api/portal-error';
import { unsubscribe } from '../../shared/api/portal-api';
import { useOneShot } from '../../shared/hooks/use-one-shot';
import { Button } from '../../shared/ui/button';
import { ForeignText } from '../../shared/ui/foreign-text';
import { StatusPage } from '../../shared/ui/status-page';

/** Where the link at the end of the mails to IT contacts leads. It asks first: a mail scanner that opens links presses nothing. */
export function UnsubscribePage() {
  const { hash } = useLocation();
  const token = hash.replace(/^#/, '').trim();
  const [ended, setEnded] = useState<string>();
  const end = useOneShot({ mutationFn: () => unsubscribe(token), onSuccess: ({ email }) => setEnded(email) });

  if (token === '' || isUnknown(end.error)) {
    return (
      <StatusPage title={t`This link is not known`}>
        <p>
          <Trans>
            It was cut when it was copied, or the address is not among the IT contacts any more: then no more mails come
            to it.
          </Trans>
        </p>
      </StatusPage>
    );
  }
  if (ended !== undefined) {
    return (
      <StatusPage title={t`You get no more of these mails`}>
        <p>
          <Trans>
            <ForeignText text={ended} /> is not told any more when a directory needs somebody, also when somebody adds
            the address again.
          </Trans>
        </p>
      </StatusPage>
    );
  }
  const problem = end.error ? describeError(end.error) : null;
  return (
    <StatusPage
      title={t`Get no more of these mails?`}
      actions={
        <Button tone="primary" busy={end.isPending} onClick={() => end.mutate()}>
          <Trans>Unsubscribe</Trans>
        </Button>
      }
    >
      <p>
        <Trans>
          They tell you when a directory needs somebody: requests that are refused, a token that ends, changes that
          wait.
        </Trans>
      </p>
      {problem && <p role="alert">{t`${{ title: problem.title }}. ${{ advice: problem.advice }}`}</p>}
    </StatusPage>
  );
}

function isUnknown(error: unknown): boolean {
  return error instanceof PortalError && error.code === 'unsubscribe_unknown';
}
