import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import type { PortalSession } from '@rollcall/sdk';
import type { PortalError } from '../../shared/api/portal-error';
import { Button } from '../../shared/ui/button';
import { StatusPage } from '../../shared/ui/status-page';

interface OtherOrganizationPageProps {
  /** The refusal, with the name of the organization whose portal is open in `details`. */
  error: PortalError;
  /** The session that this page had. */
  own: PortalSession | undefined;
  /** What there is to say besides. */
  children?: ReactNode;
}

/**
 * Shown instead of the portal when another tab of the browser has opened that of another organization. Only a new load takes this tab
 * there: what is on the page and in its memory was the other one's.
 */
export function OtherOrganizationPage({ error, own, children }: OtherOrganizationPageProps) {
  const { present } = error.details as { present: string };
  const left = own?.organization.display_name;
  return (
    <StatusPage
      title={t`This browser now has the portal of ${present} open`}
      actions={
        <Button tone="primary" onClick={() => location.assign('/portal')}>
          <Trans>Continue with {present}</Trans>
        </Button>
      }
    >
      <p>
        {left === undefined ? (
          <Trans>
            This page was for another organization, whose session ended when the other portal was opened. Nothing was
            changed in {present}.
          </Trans>
        ) : (
          <Trans>
            This page was for <strong>{left}</strong>, whose session ended when the other portal was opened. Nothing was
            changed in {present}.
          </Trans>
        )}
      </p>
      {children}
    </StatusPage>
  );
}
