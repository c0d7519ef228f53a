import type { AuditEntry } from '@rollcall/sdk';
import { ForeignText } from '../../shared/ui/foreign-text';
import { describeChanges, type ChangeInWords } from './describe-changes';
import styles from './audit.module.css';

/** Fields shown at once; the others are folded away. */
const SHOWN = 3;

/** What an entry says has changed, before and after, in words. */
export function ChangesCell({ changes }: { changes: AuditEntry['changes'] }) {
  const told = describeChanges(changes);
  const [shown, folded] = [told.slice(0, SHOWN), told.slice(SHOWN)];
  return (
    <>
      <Changes changes={shown} />
      {folded.length > 0 && (
        <details className={styles.more}>
          <summary>{folded.length} more</summary>
          <Changes changes={folded} />
        </details>
      )}
    </>
  );
}

function Changes({ changes }: { changes: readonly ChangeInWords[] }) {
  if (changes.length === 0) return null;
  return (
    <dl className={styles.changes}>
      {changes.map(({ field, from, to }) => (
        <div key={field}>
          <dt>
            <ForeignText text={field} />
          </dt>
          <dd>
            {from !== null && (
              <>
                <span className="visually-hidden">from </span>
                <del>
                  <ForeignText text={from} />
                </del>{' '}
                <span aria-hidden="true">→</span> <span className="visually-hidden">to </span>
              </>
            )}
            {to === null ? <em>nothing</em> : <ForeignText text={to} />}
          </dd>
        </div>
      ))}
    </dl>
  );
}
