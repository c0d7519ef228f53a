import type { DirectoryUser } from '@rollcall/sdk';
import { writeHidden } from '../format/mark-hidden';
import { personInitials, personTitle } from '../format/person-name';
import { Badge } from './badge';
import { ForeignText } from './foreign-text';
import styles from './person.module.css';

/** A user in a table: name and address; the name opens the details. */
export function PersonCell({ user, onOpen }: { user: DirectoryUser; onOpen: (userId: string) => void }) {
  const title = personTitle(user);
  const detail = user.email ?? user.preferred_username;
  return (
    <div className={styles.person}>
      <span className={styles.avatar} aria-hidden="true">
        <ForeignText text={personInitials(title)} />
      </span>
      <div className={styles.lines}>
        <button type="button" className={styles.name} onClick={() => onOpen(user.id)}>
          <ForeignText text={title} />
        </button>
        {detail !== null && detail !== title && (
          <span className={styles.detail}>
            <ForeignText text={detail} />
          </span>
        )}
      </div>
    </div>
  );
}

export function ActiveBadge({ active }: { active: boolean }) {
  return <Badge tone={active ? 'good' : 'neutral'}>{active ? 'Active' : 'Inactive'}</Badge>;
}

interface ChipsProps {
  chips: readonly { id: string; name: string }[];
  /** How many are shown, each cut to one line; without it all of them, in full. */
  max?: number;
}

/** Names as a list; the first few of them, and how many more there are. */
export function Chips({ chips, max }: ChipsProps) {
  if (chips.length === 0) return <span className={styles.detail}>–</span>;
  const more = max === undefined ? 0 : chips.length - max;
  return (
    <span className={styles.chips}>
      {chips.slice(0, max).map(({ id, name }) => (
        <span key={id} className={`${styles.chip} ${max === undefined ? '' : styles.cut}`} title={writeHidden(name)}>
          <ForeignText text={name} />
        </span>
      ))}
      {more > 0 && <span className={styles.chip}>+{more}</span>}
    </span>
  );
}
