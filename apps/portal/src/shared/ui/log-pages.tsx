import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { writeHidden } from '../format/mark-hidden';
import { Button } from './button';
import styles from './table.module.css';

interface LogPagesProps {
  /** What the rows are, in the plural: `Events`. */
  caption: string;
  isNewest: boolean;
  /** The token of the page of older rows; empty: there is none, or it is not known yet. */
  next: string;
  /** Called with the token of the page to go to; null: the newest. */
  onTurn: (token: string | null) => void;
}

/** To the older rows of what is read newest first and not counted, and back to the newest. */
export function LogPages({ caption, isNewest, next, onTurn }: LogPagesProps) {
  return (
    <nav className={styles.pagination} aria-label={t`Pages of ${{ caption: writeHidden(caption) }}`}>
      <span>
        <Trans>Newest first</Trans>
      </span>
      <div className={styles.steps}>
        <Button unavailable={isNewest} onClick={() => onTurn(null)}>
          <Trans context="page">Newest</Trans>
        </Button>
        <Button unavailable={next === ''} onClick={() => onTurn(next)}>
          <Trans context="page">Older</Trans>
        </Button>
      </div>
    </nav>
  );
}
