import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import type { RulesImpact } from '@rollcall/sdk';
import { theApp } from '../../shared/branding/app-name';
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
        <Notice role="status" tone="waiting" title={t`Somebody else has changed these rules meanwhile`}>
          <Trans>What you save takes the place of theirs. To see theirs, undo your changes.</Trans>
        </Notice>
      )}
      {trial.error && <ErrorNotice error={trial.error} />}
      {saving.error && <ErrorNotice error={saving.error} />}
      {impact && <Impact impact={impact} />}
      {problem !== null && <p className={styles.hint}>{problem}</p>}
      <div className={styles.buttons}>
        <Button onClick={() => change(null)}>
          <Trans>Undo changes</Trans>
        </Button>
        {impact ? (
          <Button tone="primary" busy={saving.isPending} onClick={saving.start}>
            <Trans>Save and apply</Trans>
          </Button>
        ) : (
          <Button tone="primary" busy={trial.isPending} unavailable={problem !== null} onClick={trial.start}>
            <Trans>See what changes</Trans>
          </Button>
        )}
      </div>
    </div>
  );
}

function Impact({ impact }: { impact: RulesImpact }) {
  const { users_affected: affected, sample } = impact;
  return (
    <Notice role="status" title={titleOf(impact)} tone={affected === 0 ? 'neutral' : 'waiting'}>
      <p>{describeExtent(impact)}</p>
      {sample.length > 0 && (
        <ul className={styles.sample} aria-label={t`Some of those who would change`}>
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

function titleOf({ users_affected: affected, complete }: RulesImpact): string {
  if (affected === 0) return t`Nobody would change`;
  if (complete) return plural({ count: affected }, { one: '# user would change', other: '# users would change' });
  return plural({ count: affected }, { one: '# user or more would change', other: '# users or more would change' });
}

/** How many were looked at, and what follows. */
function describeExtent({ users_examined: examined, complete }: RulesImpact): string {
  const extent = complete
    ? plural({ count: examined }, { one: '# user was looked at.', other: 'All # users were looked at.' })
    : plural({ count: examined }, { one: 'The first user was looked at.', other: 'The first # users were looked at.' });
  return t`${extent} Nothing is done before you save; then each of them is sent to ${{ app: theApp() }}.`;
}
