import { formatCount } from '../../shared/format/format-count';
import { shownName } from '../../shared/format/shown-name';
import { ForeignText } from '../../shared/ui/foreign-text';
import { Notice } from '../../shared/ui/notice';
import { describeChange } from './describe-change';
import type { Impact } from './rules-queries';
import styles from './rules.module.css';

/** What a change would do, before it is made: how many users, and the first of them. */
export function ImpactNotice({ impact }: { impact: Impact }) {
  const { users_affected: users, events, users_examined: examined, complete, sample } = impact;
  return (
    <Notice
      role="status"
      title={users === 0 ? 'Nobody would change' : `${formatCount(users, 'user')} would change`}
      tone={users === 0 ? 'neutral' : 'waiting'}
    >
      <p>
        {users > 0 && `Your app would receive ${formatCount(events, 'event')}. `}
        {complete
          ? `All ${formatCount(examined, 'user')} were looked at.`
          : `Only the first ${formatCount(examined, 'user')} were looked at: there may be more.`}
      </p>
      {sample.length > 0 && (
        <ul className={styles.sample} aria-label="The first who would change">
          {sample.map((user) => (
            <li key={user.id}>
              <strong>
                <ForeignText text={shownName(user.email, user.id)} />
              </strong>{' '}
              <ForeignText text={describeChange(user).join('; ')} />
            </li>
          ))}
        </ul>
      )}
    </Notice>
  );
}
