import type { RulesImpact } from '@rollcall/sdk';
import { theApp } from '../../shared/branding/app-name';
import { formatCount } from '../../shared/format/format-count';
import { shownName } from '../../shared/format/shown-name';
import { Button } from '../../shared/ui/button';
import { ForeignText } from '../../shared/ui/foreign-text';
import { ErrorNotice, Notice } from '../../shared/ui/notice';
import { describeChange } from './describe-change';
import type { RulesDraft } from './use-rules-draft';
import styles from './mapping.module.css';

interface DraftFooterProps {
  draft: RulesDraft;
  /** Why the rules cannot be tried out yet; null when they can. */
  problem: string | null;
}

/** Below rules that are being written: first what they would change, then whether to. */
export function DraftFooter({ draft, problem }: DraftFooterProps) {
  const { isChanged, isOvertaken, impact, change, trial, saving } = draft;
  if (!isChanged) return null;
  return (
    <div className={styles.footer}>
      {isOvertaken && (
        <Notice role="status" tone="waiting" title="Somebody else has changed these rules meanwhile">
          What you save takes the place of theirs. To see theirs, undo your changes.
        </Notice>
      )}
      {trial.error && <ErrorNotice error={trial.error} />}
      {saving.error && <ErrorNotice error={saving.error} />}
      {impact && <Impact impact={impact} />}
      {problem !== null && <p className={styles.hint}>{problem}</p>}
      <div className={styles.buttons}>
        <Button onClick={() => change(null)}>Undo changes</Button>
        {impact ? (
          <Button tone="primary" busy={saving.isPending} onClick={saving.start}>
            Save and apply
          </Button>
        ) : (
          <Button tone="primary" busy={trial.isPending} unavailable={problem !== null} onClick={trial.start}>
            See what changes
          </Button>
        )}
      </div>
    </div>
  );
}

function Impact({ impact }: { impact: RulesImpact }) {
  const { users_affected: affected, users_examined: examined, complete, sample } = impact;
  const known = complete ? formatCount(affected, 'user') : `${formatCount(affected, 'user')} or more`;
  return (
    <Notice
      role="status"
      title={affected === 0 ? 'Nobody would change' : `${known} would change`}
      tone={affected === 0 ? 'neutral' : 'waiting'}
    >
      <p>
        {complete ? 'All' : 'The first'} {formatCount(examined, 'user')} were looked at. Nothing is done before you
        save; then each of them is sent to {theApp()}.
      </p>
      {sample.length > 0 && (
        <ul className={styles.sample} aria-label="Some of those who would change">
          {sample.map((user) => (
            <li key={user.id}>
              <ForeignText text={shownName(user.email, user.id)} />
              <span className={styles.change}>
                <ForeignText text={describeChange(user)} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Notice>
  );
}
