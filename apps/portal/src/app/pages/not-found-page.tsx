import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { ButtonLink } from '../../shared/ui/button';
import { PageHeading } from '../../shared/ui/page-heading';
import styles from './pages.module.css';

export function NotFoundPage() {
  return (
    <div className={styles.center}>
      <PageHeading title={t`This page does not exist`} />
      <p>
        <Trans>The address is wrong, or what it showed was deleted.</Trans>
      </p>
      <ButtonLink to="/portal" tone="primary">
        <Trans>Go to Directory Sync</Trans>
      </ButtonLink>
    </div>
  );
}
