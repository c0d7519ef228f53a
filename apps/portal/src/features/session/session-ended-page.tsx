import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useState, type ReactNode } from 'react';
import type { PortalSession } from '@rollcall/sdk';
import type { PortalError } from '../../shared/api/portal-error';
import { theApp } from '../../shared/branding/app-name';
import { StatusPage } from '../../shared/ui/status-page';
import { describeKept, describeSessionEnd } from './describe-session-end';

interface SessionEndedPageProps {
  error: PortalError;
  /** The session that this page had last. */
  last: PortalSession | undefined;
  /** What there is to say besides. */
  children?: ReactNode;
}

/** Shown instead of the portal when there is no session: it ran out, was ended, or never was. */
export function SessionEndedPage({ error, last, children }: SessionEndedPageProps) {
  // What was true when the session ended stays true, however long the page is left open.
  const [now] = useState(() => new Date());
  const { title, advice } = describeSessionEnd(error.code, last, now);
  return (
    <StatusPage title={title}>
      <p>{advice}</p>
      {children}
    </StatusPage>
  );
}

/** Shown after the reader ended the session, which was `last`. */
export function SignedOutPage({ last, children }: { last: PortalSession; children?: ReactNode }) {
  const keptSentence = describeKept(last);
  const app = theApp();
  return (
    <StatusPage title={t`You have left the portal`}>
      <p>
        <Trans>The session is closed. {keptSentence}</Trans>
      </p>
      <p>
        <Trans>To come back, open the portal from {app}, or ask its vendor for a new link.</Trans>
      </p>
      {children}
    </StatusPage>
  );
}
