import { i18n } from '@lingui/core';
import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Suspense, useEffect, useState } from 'react';
import type { PortalSession } from '@rollcall/sdk';
import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { Outlet, useLocation } from 'react-router';
import { portalLive, watchLive } from '../shared/api/live';
import { isOtherOrganization, isSessionError } from '../shared/api/portal-error';
import { sessionQuery } from '../shared/api/queries';
import { BrandMark } from '../shared/branding/brand-mark';
import { useBranding } from '../shared/branding/use-branding';
import { writeHidden } from '../shared/format/mark-hidden';
import { ForeignText } from '../shared/ui/foreign-text';
import { LoadFailedPage } from '../shared/ui/load-failed-page';
import { Skeleton } from '../shared/ui/skeleton';
import { StatusPage } from '../shared/ui/status-page';
import { TabLinks } from '../shared/ui/tab-links';
import { FreshSecretsProvider } from '../features/secrets/fresh-secrets';
import { LostTokens } from '../features/secrets/lost-tokens';
import { OtherOrganizationPage } from '../features/session/other-organization-page';
import { SessionCountdown } from '../features/session/session-countdown';
import { SessionEndedPage, SignedOutPage } from '../features/session/session-ended-page';
import { useParentMessages } from './use-parent-messages';
import { FeatureOffPage } from './pages/feature-off-page';
import { loadLaterPages } from './later-pages';
import { LeaveMenu } from './leave-menu';
import { PageFooter } from './page-footer';
import styles from './portal-layout.module.css';

/** Everything inside a session. What the page that ends it has to say of new tokens is known around it. */
export function PortalLayout() {
  return (
    <FreshSecretsProvider>
      <SessionPage />
    </FreshSecretsProvider>
  );
}

/** Without a session there is a page that says why; with one, the frame around each page. */
function SessionPage() {
  const session = useQuery(sessionQuery);
  const error = useLastError(session);
  const [left, setLeft] = useState<PortalSession>();
  useBranding(session.data?.portal);
  useParentMessages(session.data, error);
  const client = useQueryClient();

  if (left) {
    return (
      <SignedOutPage last={left}>
        <LostTokens />
      </SignedOutPage>
    );
  }
  if (isOtherOrganization(error)) {
    return (
      <OtherOrganizationPage error={error} own={session.data}>
        <LostTokens />
      </OtherOrganizationPage>
    );
  }
  if (isSessionError(error)) {
    return (
      <SessionEndedPage error={error} last={session.data}>
        <LostTokens areRevoked={error.code === 'organization_deleted'} />
      </SessionEndedPage>
    );
  }
  if (session.data) {
    const leave = () => {
      setLeft(session.data);
      client.clear();
    };
    return <Frame session={session.data} onLeave={leave} />;
  }
  if (error !== null) {
    return (
      <LoadFailedPage
        title={t`The portal could not be loaded`}
        error={error}
        isTrying={session.isFetching}
        onRetry={() => void session.refetch()}
      />
    );
  }
  return <StatusPage title={t`Admin portal`} isBusy />;
}

/** Why the last try to read the session failed, also while it is read again, which changes nothing on the page until it is done. */
function useLastError({ error, isSuccess }: UseQueryResult<PortalSession>): Error | null {
  const [last, setLast] = useState(error);
  const next = error ?? (isSuccess ? null : last);
  if (next !== last) setLast(next);
  return next;
}

/** The first is that of every page but those of the others. */
const TABS = [
  { to: '/portal', label: msg`Directory Sync` },
  { to: '/portal/contacts', label: msg`IT contacts` },
];

/** Beside a page, which comes first: while one is on its way this is not there. */
function LaterPages() {
  const client = useQueryClient();
  useEffect(() => loadLaterPages(client), [client]);
  return null;
}

function Frame({ session, onLeave }: { session: PortalSession; onLeave: () => void }) {
  const hasContacts = useLocation().pathname.startsWith('/portal/contacts');
  const client = useQueryClient();
  useEffect(() => watchLive(client, portalLive(session.organization.id)), [client, session.organization.id]);
  const tabs = TABS.map(({ to, label }) => ({ to, label: i18n._(label), end: hasContacts }));
  const hasDirectorySync = session.features.some((feature) => feature.name === 'dir_sync' && feature.enabled);
  return (
    <>
      <a href="#main" className={styles.skip}>
        <Trans>Skip to content</Trans>
      </a>
      <SessionCountdown expireTime={session.session.expire_time} organizationId={session.organization.id} />
      <header className={styles.header}>
        <div className={styles.bar}>
          <BrandMark logoPath={session.portal.logo_path} size={36} />
          <div className={styles.names}>
            <p
              className={styles.organization}
              title={writeHidden(session.organization.display_name)}
              data-testid="organization-name"
            >
              <ForeignText text={session.organization.display_name} />
            </p>
            <p className={styles.product}>
              {session.portal.display_name === null ? (
                <Trans>Admin portal</Trans>
              ) : (
                <ForeignText text={t`Admin portal of ${{ app: session.portal.display_name }}`} />
              )}
            </p>
          </div>
          <LeaveMenu expireTime={session.session.expire_time} onEnded={onLeave} />
        </div>
        {hasDirectorySync && (
          <div className={styles.tabs}>
            <TabLinks label={t`Portal`} links={tabs} />
          </div>
        )}
      </header>
      <main id="main" tabIndex={-1} className={styles.main}>
        {hasDirectorySync ? (
          <Suspense fallback={<Skeleton width={3} />}>
            <Outlet context={session} />
            <LaterPages />
          </Suspense>
        ) : (
          <FeatureOffPage organization={session.organization.display_name} />
        )}
      </main>
      <PageFooter contact={session.portal.support_contact} />
    </>
  );
}
