import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useState, type ReactNode } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useLocation, useNavigate } from 'react-router';
import { describeHandOverEnd } from '../../features/hand-over/describe-hand-over-end';
import { handedOverQuery, withToken, type HandedOver } from '../../features/hand-over/handed-over-api';
import { HandedOverValues, type ShownToken } from '../../features/hand-over/handed-over-values';
import { HealthBanner } from '../../features/health/health-banner';
import { LanguageMenu } from '../../features/language/language-menu';
import { secretName, uncopiedSentence } from '../../features/secrets/secret-name';
import { SetupGuide } from '../../features/setup-guide/setup-guide';
import { BrandMark } from '../../shared/branding/brand-mark';
import { useBranding } from '../../shared/branding/use-branding';
import { findProvider } from '../../shared/providers/provider-catalogue';
import { ForeignText } from '../../shared/ui/foreign-text';
import { LoadFailedPage } from '../../shared/ui/load-failed-page';
import { StaleNotice } from '../../shared/ui/notice';
import { PageHeading } from '../../shared/ui/page-heading';
import { StatusPage } from '../../shared/ui/status-page';
import { PageFooter } from '../page-footer';
import styles from '../portal-layout.module.css';
import pageStyles from './pages.module.css';

/** Where a hand-over link leads: one directory, for a colleague who has no session of the portal. What opens it is in the fragment. */
export function HandedOverPage() {
  const token = useLocation().hash.replace(/^#/, '').trim();
  const { data, error, isFetching, refetch } = useQuery({ ...handedOverQuery(token), enabled: token !== '' });
  const [shown, setShown] = useState<ShownToken & { pageToken: string }>();
  const client = useQueryClient();
  const navigate = useNavigate();
  useBranding(data?.portal);

  if (token === '') {
    return (
      <StatusPage title={t`This link is incomplete`}>
        <p>
          <Trans>The part after the # sign is missing. Copy the whole link and open it again.</Trans>
        </p>
      </StatusPage>
    );
  }
  const end = describeHandOverEnd(error);
  if (end) {
    return (
      <StatusPage title={end.title}>
        <p>{end.advice}</p>
      </StatusPage>
    );
  }
  if (!data) {
    if (error === null) return <StatusPage title={t`Opening the hand-over`} isBusy />;
    return (
      <LoadFailedPage
        title={t`The page could not be loaded`}
        error={error}
        isTrying={isFetching}
        onRetry={() => void refetch()}
      />
    );
  }
  const ofThisPage = shown?.pageToken === token ? shown : undefined;
  const onCopied = () => setShown((last) => last && { ...last, isCopied: true });
  return (
    <Frame handedOver={data} losses={ofThisPage?.isCopied === false ? describeLosses(data) : []}>
      <PageHeading title={t`Connect ${{ provider: findProvider(data.directory.directory_provider).name }}`} />
      {error !== null && <StaleNotice title={t`This page could not be refreshed`} onRetry={() => void refetch()} />}
      <HealthBanner directory={data.directory} advice={adviseColleague(data)} />
      <div className={pageStyles.configuration}>
        <div className={pageStyles.aside}>
          <HandedOverValues
            handedOver={data}
            linkToken={token}
            shown={ofThisPage}
            onShown={(answer) => {
              const { plain_secret: value, page_token: pageToken } = answer;
              client.setQueryData(handedOverQuery(pageToken).queryKey, withToken(data, answer));
              setShown({ value, pageToken, isCopied: false });
              // A reload finds its way back, and the link opens nothing any more.
              void navigate({ hash: pageToken }, { replace: true });
            }}
            onCopied={onCopied}
          />
        </div>
        <div>
          <SetupGuide
            directory={data.directory}
            token={ofThisPage?.value ?? null}
            onTokenCopied={onCopied}
            mayMapRoles={data.portal.admin_may_map_roles}
          />
        </div>
      </div>
    </Frame>
  );
}

/** What somebody can do who has only this page; undefined: what anybody is told. */
function adviseColleague({ directory: { health }, hand_over: handOver }: HandedOver): string | undefined {
  if (health.state === 'waiting' || health.state === 'connected' || health.state === 'stalled') return undefined;
  if (handOver.token_shown_time === null) return t`Show the token below, and paste both values.`;
  if (health.state === 'refused') return t`Paste the token again, whole. If you do not have it, ask for another link.`;
  return t`Tell the person who sent you the link.`;
}

/** The token that would be lost with the page, in a sentence. */
function describeLosses({ directory: { secrets } }: HandedOver): string[] {
  return secrets.slice(0, 1).map((secret) => uncopiedSentence(secretName(secret)));
}

interface FrameProps {
  handedOver: HandedOver;
  /** What would be lost by loading the page anew, a sentence each. */
  losses: readonly string[];
  children: ReactNode;
}

function Frame({ handedOver, losses, children }: FrameProps) {
  const { organization, portal } = handedOver;
  return (
    <>
      <header className={styles.header}>
        <div className={styles.bar}>
          <BrandMark logoPath={portal.logo_path} size={36} />
          <div className={styles.names}>
            <p className={styles.organization} data-testid="organization-name">
              <ForeignText text={organization.display_name} />
            </p>
            <p className={styles.product}>
              {portal.display_name === null ? (
                <Trans>Directory Sync</Trans>
              ) : (
                <ForeignText text={t`Directory Sync of ${{ app: portal.display_name }}`} />
              )}
            </p>
          </div>
          <LanguageMenu losses={losses} />
        </div>
      </header>
      <main className={styles.main}>
        <div className={pageStyles.stack}>{children}</div>
      </main>
      <PageFooter contact={portal.support_contact} />
    </>
  );
}
