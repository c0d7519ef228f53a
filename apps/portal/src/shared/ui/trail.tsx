import { t } from '@lingui/core/macro';
import { Link } from 'react-router';
import { ForeignText } from './foreign-text';
import { Icon } from './icon';
import styles from './trail.module.css';

/** The way back up, to the page that is named. */
export function Trail({ to, label }: { to: string; label: string }) {
  return (
    <nav aria-label={t`Breadcrumb`}>
      <Link to={to} className={styles.back}>
        <Icon name="arrowLeft" size={16} />
        <ForeignText text={label} />
      </Link>
    </nav>
  );
}
