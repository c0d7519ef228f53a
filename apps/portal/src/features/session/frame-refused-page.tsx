import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useEffect } from 'react';
import { tellParent } from '../../shared/embedding/parent-page';
import { StatusPage } from '../../shared/ui/status-page';
import button from '../../shared/ui/button.module.css';

/** Shown in a frame where the browser keeps no cookie of it: the link is not used up, and opens in a tab of its own. */
export function FrameRefusedPage() {
  const title = t`This browser keeps no session in a frame`;
  useEffect(() => tellParent({ type: 'PORTAL_LOAD_FAILURE', code: 'cookies_blocked', message: title }), [title]);
  return (
    <StatusPage
      title={title}
      actions={
        <a
          className={`${button.button} ${button.primary}`}
          href={window.location.href}
          target="_blank"
          rel="noopener noreferrer"
        >
          <Trans>Open in a new tab</Trans>
        </a>
      }
    >
      <p>
        <Trans>
          The admin portal is shown within another page here, and your browser does not let it remember that you are
          signed in. Your link still works: open it in a tab of its own.
        </Trans>
      </p>
      {window.location.protocol === 'http:' && (
        <p>
          <Trans>This portal is served without https. Within pages of another site it works over https only.</Trans>
        </p>
      )}
    </StatusPage>
  );
}
