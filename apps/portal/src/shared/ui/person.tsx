import type { DirectoryUser } from '@rollcall/sdk';
import { personInitials, personTitle } from '../format/person-name';
import { Badge } from './badge';
import styles from './person.module.css';

/** A user in a table: name and address; the name opens the details. */
export function PersonCell({ user, onOpen }: { user: DirectoryUser; onOpen: (userId: string) => void }) {
  const title = personTitle(user);
  const detail = user.email ?? user.preferred_username;
  return (
    <div className={styles.person}>
      <span className={styles.avatar} aria-hidden="true">
        {personInitials(title)}
      </span>
      <div className={styles.lines}>
        <button type="button" className={styles.name} onClick={() => onOpen(user.id)}>
          {title}
        </button>
        {detail !== null && detail !== title && <span className={styles.detail}>{detail}</span>}
      </div>
    </div>
  );
}

export function ActiveBadge({ active }: { active: boolean }) {
  return <Badge tone={active ? 'good' : 'neutral'}>{active ? 'Active' : 'Inactive'}</Badge>;
}

/** The first few of a list of names, and how many more there are. */
export function Chips({ names, max }: { names: readonly string[]; max: number }) {
  if (names.length === 0) return <span className={styles.detail}>–</span>;
  const more = names.length - max;
  return (
    <span className={styles.chips}>
      {names.slice(0, max).map((name) => (
        <span key={name} className={styles.chip} title={name}>
          {name}
        </span>
      ))}
      {more > 0 && <span className={styles.chip}>+{more}</span>}
    </span>
  );
}
