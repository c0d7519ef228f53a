import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useReachability } from '../api/reachability';
import banner from './banner.module.css';
import { Icon } from './icon';
import styles from './connection-banner.module.css';

/** Says so while calls are not answered. Its region is always there, so that a screen reader hears what comes into it. */
export function ConnectionBanner() {
  const reachability = useReachability();
  return (
    <div role="status" className={styles.region} data-testid="connection-banner">
      {reachability !== 'answers' && (
        <div className={banner.banner}>
          <div className={banner.inner}>
            <Icon name="alert" />
            <p className={banner.text}>
              <strong>
                {reachability === 'offline' ? t`You are offline.` : t`The server does not answer right now.`}
              </strong>{' '}
              <Trans>This page goes on by itself when it can. What you press meanwhile is not done later.</Trans>
            </p>
          </div>
        </div>
      )}
    </div>
  );
}
