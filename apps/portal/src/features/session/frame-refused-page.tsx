import { useEffect } from 'react';
import { tellParent } from '../../shared/embedding/parent-page';
import { StatusPage } from '../../shared/ui/status-page';
import button from '../../shared/ui/button.module.css';

const TITLE = 'This browser keeps no session in a frame';

/** Shown in a frame where the browser keeps no cookie of it: the link is not used up, and opens in a tab of its own. */
export function FrameRefusedPage() {
  useEffect(() => tellParent({ type: 'PORTAL_LOAD_FAILURE', code: 'cookies_blocked', message: TITLE }), []);
  return (
    <StatusPage
      title={TITLE}
      actions={
        <a
          className={`${button.button} ${button.primary}`}
          href={window.location.href}
          target="_blank"
          rel="noopener noreferrer"
        >
          Open in a new tab
        </a>
      }
    >
      <p>
        The admin portal is shown within another page here, and your browser does not let it remember that you are
        signed in. Your link still works: open it in a tab of its own.
      </p>
      {window.location.protocol === 'http:' && (
        <p>This portal is served without https. Within pages of another site it works over https only.</p>
      )}
    </StatusPage>
  );
}
