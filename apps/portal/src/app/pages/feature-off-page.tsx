import { Icon } from '../../shared/ui/icon';
import { PageHeading } from '../../shared/ui/page-heading';
import styles from './pages.module.css';

/** Instead of the Directory Sync pages while the vendor has not switched the feature on. */
export function FeatureOffPage({ organization }: { organization: string }) {
  return (
    <div className={styles.center}>
      <Icon name="lock" size={28} />
      <PageHeading title={`Directory Sync is not switched on for ${organization}`} />
      <p>Ask the vendor of the app to enable Directory Sync for your organization, then reload this page.</p>
    </div>
  );
}
