import { t } from '@lingui/core/macro';
import type { DirectoryUser } from '@rollcall/sdk';
import { Link, type To } from 'react-router';
import { formatNumber } from '../format/format-count';
import { writeHidden } from '../format/mark-hidden';
import { personInitials, personTitle } from '../format/person-name';
import { Badge } from './badge';
import { ForeignText } from './foreign-text';
import styles from './person.module.css';

/** A user in a table: name and address; the name leads to the details. */
export function PersonCell({ user, to }: { user: DirectoryUser; to: To }) {
  const title = personTitle(user);
  const detail = user.email ?? user.preferred_username;
  return (
    <div className={styles.person}>
      <span className={styles.avatar} aria-hidden="true">
        <ForeignText text={personInitials(title)} />
      </span>
      <div className={styles.lines}>
        <Link to={to} className={styles.name}>
          <ForeignText text={title} />
        </Link>
        {detail !== null && detail !== title && (
          <span className={`${styles.detail} ${styles.line}`} title={writeHidden(detail)}>
            <ForeignText text={detail} />
          </span>
        )}
      </div>
    </div>
  );
}

export function ActiveBadge({ active }: { active: boolean }) {
  return (
    <Badge tone={active ? 'good' : 'neutral'}>
      {active ? t({ message: 'Active', context: 'user' }) : t({ message: 'Inactive', context: 'user' })}
    </Badge>
  );
}

interface ChipsProps {
  /** `to`: where a chip leads. */
  chips: readonly { id: string; name: string; to?: To }[];
  /** How many are shown, each cut to one line; without it all of them, in full. */
  max?: number;
}

/** Names as a list; the first few of them, and how many more there are. */
export function Chips({ chips, max }: ChipsProps) {
  if (chips.length === 0) return <span className={styles.detail}>–</span>;
  const more = max === undefined ? 0 : chips.length - max;
  return (
    <span className={`${styles.chips} ${max === undefined ? '' : styles.oneLine}`}>
      {chips.slice(0, max).map(({ id, name, to }) => {
        const looks = {
          className: `${styles.chip} ${max === undefined ? '' : styles.cut} ${to === undefined ? '' : styles.linked}`,
          title: writeHidden(name),
        };
        return to === undefined ? (
          <span key={id} {...looks}>
            <ForeignText text={name} />
          </span>
        ) : (
          <Link key={id} to={to} {...looks}>
            <ForeignText text={name} />
          </Link>
        );
      })}
      {more > 0 && <span className={styles.chip}>+{formatNumber(more)}</span>}
    </span>
  );
}
