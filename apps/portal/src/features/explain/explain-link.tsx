import { Trans } from '@lingui/react/macro';
import { Link } from 'react-router';
import { Icon } from '../../shared/ui/icon';
import styles from './explain.module.css';

/** From a user's details to where they come from; `to` is the address of the explanation. */
export function ExplainLink({ to }: { to: string }) {
  return (
    <Link to={to} className={styles.link}>
      <Trans>Where each value comes from</Trans>
      <Icon name="arrowRight" size={16} />
    </Link>
  );
}
