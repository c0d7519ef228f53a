import { writeHidden } from '../format/mark-hidden';
import { ForeignText } from './foreign-text';
import styles from './person.module.css';

/** The identity provider's own id of a user or group, in one line. */
export function ExternalId({ value }: { value: string | null }) {
  if (value === null || value === '') return <span className={styles.detail}>–</span>;
  return (
    <code className={styles.externalId} title={writeHidden(value)}>
      <ForeignText text={value} />
    </code>
  );
}
