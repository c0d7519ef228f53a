import { ButtonLink } from '../../shared/ui/button';
import { PageHeading } from '../../shared/ui/page-heading';
import styles from './pages.module.css';

export function NotFoundPage() {
  return (
    <div className={styles.center}>
      <PageHeading title="This page does not exist" />
      <p>The address is wrong, or what it showed was deleted.</p>
      <ButtonLink to="/" tone="primary">
        Go to the overview
      </ButtonLink>
    </div>
  );
}
