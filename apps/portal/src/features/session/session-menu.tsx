import { useMutation } from '@tanstack/react-query';
import { endSession } from '../../shared/api/portal-api';
import { Button } from '../../shared/ui/button';
import styles from './session-menu.module.css';

const time = new Intl.DateTimeFormat('en', { timeStyle: 'short' });

/** How long the session lasts, and the way out. `onEnded` is called when the server has closed it. */
export function SessionMenu({ expireTime, onEnded }: { expireTime: string; onEnded: () => void }) {
  const end = useMutation({ mutationFn: endSession, onSuccess: onEnded });
  return (
    <div className={styles.session}>
      <span className={styles.until}>
        Session until <time dateTime={expireTime}>{time.format(new Date(expireTime))}</time>
      </span>
      <Button busy={end.isPending} onClick={() => end.mutate()}>
        Leave
      </Button>
    </div>
  );
}
