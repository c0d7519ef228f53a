import { Suspense, useEffect, useRef } from 'react';
import { useQuery } from '@tanstack/react-query';
import { NavLink, Outlet, useMatch } from 'react-router';
import { isSessionError, PortalError } from '../shared/api/portal-error';
import {
  dashboardSessionQuery,
  DashboardSessionProvider,
  isOfEnvironment,
} from '../shared/dashboard-api/dashboard-session';
import { MayChange } from '../shared/hooks/use-may-change';
import { Icon, type IconName } from '../shared/ui/icon';
import { LoadFailedPage } from '../shared/ui/load-failed-page';
import { Skeleton } from '../shared/ui/skeleton';
import { StatusPage } from '../shared/ui/status-page';
import { FreshSecretsProvider } from '../features/secrets/fresh-secrets';
import { EnvironmentSwitcher } from './environment-switcher';
import { MemberMenu } from './member-menu';
import { NoAccessPage } from './no-access-page';
import { SessionGonePage } from './session-gone-page';
import styles from './dashboard-layout.module.css';

const LINKS: readonly { to: string; label: string; icon: IconName }[] = [
  { to: '/', label: 'Overview', icon: 'chart' },
  { to: '/organizations', label: 'Organizations', icon: 'building' },
  { to: '/webhooks', label: 'Webhooks', icon: 'webhook' },
  { to: '/events', label: 'Events', icon: 'pulse' },
  { to: '/api-clients', label: 'API clients', icon: 'key' },
  { to: '/audit-log', label: 'Audit log', icon: 'list' },
  { to: '/members', label: 'Members', icon: 'group' },
  { to: '/settings', label: 'Settings', icon: 'gear' },
];

/** The frame around each page of an environment, for whoever is signed in and has a role there; else the page that says so. */
export function DashboardLayout() {
  const session = useQuery(dashboardSessionQuery);
  const { data, error } = session;
  if (isSessionError(error)) return <SessionGonePage wasSignedIn={data !== undefined} />;
  if ((error instanceof PortalError && error.status === 404) || (data && !isOfEnvironment(data)))
    return <NoAccessPage />;
  if (data) {
    return (
      <DashboardSessionProvider value={data}>
        <MayChange value={data.role !== 'viewer'}>
          <FreshSecretsProvider>
            <Frame />
          </FreshSecretsProvider>
        </MayChange>
      </DashboardSessionProvider>
    );
  }
  if (error !== null) {
    return (
      <LoadFailedPage
        title="The dashboard could not be loaded"
        error={error}
        isTrying={session.isFetching}
        onRetry={() => void session.refetch()}
      />
    );
  }
  return <StatusPage title="Opening the dashboard" isBusy />;
}

function Frame() {
  return (
    <div className={styles.window}>
      <a href="#main" className={styles.skip}>
        Skip to content
      </a>
      <div className={styles.frame}>
        <header className={styles.side}>
          <div className={styles.environment}>
            <EnvironmentSwitcher />
          </div>
          <nav className={styles.links} aria-label="Dashboard">
            {LINKS.map((link) => (
              <PageLink key={link.to} {...link} />
            ))}
          </nav>
          <div className={styles.member}>
            <MemberMenu />
          </div>
        </header>
        <main id="main" tabIndex={-1} className={styles.main}>
          <div className={styles.page}>
            <Suspense fallback={<PageOnItsWay />}>
              <Outlet />
            </Suspense>
          </div>
        </main>
      </div>
    </div>
  );
}

function PageLink({ to, label, icon }: (typeof LINKS)[number]) {
  const element = useRef<HTMLAnchorElement>(null);
  const end = to === '/';
  const isHere = useMatch({ path: to, end }) !== null;
  // In a narrow window the links are one line, of which the end is not seen.
  useEffect(() => {
    if (isHere) element.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [isHere]);
  return (
    <NavLink ref={element} to={to} end={end} className={styles.link}>
      <Icon name={icon} size={17} />
      {label}
    </NavLink>
  );
}

function PageOnItsWay() {
  return (
    <div role="status" aria-label="Loading the page" className={styles.loading}>
      <Skeleton width={1} />
      <Skeleton width={3} />
      <Skeleton width={2} />
    </div>
  );
}
