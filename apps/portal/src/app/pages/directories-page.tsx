import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import type { Directory } from '@rollcall/sdk';
import { useQuery } from '@tanstack/react-query';
import { directoriesQuery } from '../../shared/api/queries';
import { theApp } from '../../shared/branding/app-name';
import { ButtonLink } from '../../shared/ui/button';
import { Card } from '../../shared/ui/card';
import { ForeignText } from '../../shared/ui/foreign-text';
import { ErrorNotice, StaleNotice } from '../../shared/ui/notice';
import { PageHeading } from '../../shared/ui/page-heading';
import { Skeleton } from '../../shared/ui/skeleton';
import { DirectoryList } from '../../features/directories/directory-list';
import { ChooseProvider } from './choose-provider';
import { usePortalSession } from './use-portal-session';
import styles from './pages.module.css';

/** The start of Directory Sync: the directories there are, or the choice of the first one. */
export function DirectoriesPage() {
  const directories = useQuery(directoriesQuery);
  const { organization } = usePortalSession();
  const hasSome = (directories.data?.length ?? 0) > 0;
  return (
    <>
      <div className={styles.intro}>
        <div>
          <PageHeading title={t`Directory Sync`} />
          <p className={styles.lead}>
            <ForeignText
              text={t`Connect the identity provider of ${{ organization: organization.display_name }}. Users and groups then stay up to date in ${{ app: theApp() }} by themselves.`}
            />
          </p>
        </div>
        {hasSome && (
          <ButtonLink to="/portal/directories/new" icon="plus" tone="primary">
            <Trans>Add directory</Trans>
          </ButtonLink>
        )}
      </div>
      <ChooseProvider isShown={directories.data?.length === 0} />
      <DirectoriesBody
        directories={directories.data}
        error={directories.error}
        onRetry={() => void directories.refetch()}
      />
    </>
  );
}

interface DirectoriesBodyProps {
  directories: Directory[] | undefined;
  error: unknown;
  onRetry: () => void;
}

function DirectoriesBody({ directories, error, onRetry }: DirectoriesBodyProps) {
  if (!directories && error !== null) return <ErrorNotice error={error} onRetry={onRetry} />;
  if (!directories) {
    return (
      <div role="status" aria-label={t`Loading the directories`}>
        <Card title={t`Directories`}>
          <Skeleton width={3} />
        </Card>
      </div>
    );
  }
  if (directories.length === 0) return null;
  return (
    <>
      <h2 className={styles.section}>
        <Trans>Your directories</Trans>
      </h2>
      {error !== null && (
        <div className={styles.section}>
          <StaleNotice title={t`This list could not be refreshed`} onRetry={onRetry} />
        </div>
      )}
      <DirectoryList directories={directories} addressOf={(id) => `/portal/directories/${id}`} />
    </>
  );
}
