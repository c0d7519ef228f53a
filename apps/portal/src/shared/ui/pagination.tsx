import { Trans } from '@lingui/react/macro';
import type { MouseEvent } from 'react';
import type { ListPosition } from '../format/list-position';
import { Button } from './button';
import type { PageTurn } from './use-page-turn';
import styles from './table.module.css';

interface PaginationProps {
  label: string;
  /** Which rows the page shows, in words. */
  range: string;
  position: ListPosition;
  nextToken: string;
  previousToken: string;
  onTurn: (turn: PageTurn) => void;
}

/** First, previous and next by token; which rows these are is said in words. */
export function Pagination({ label, range, position, nextToken, previousToken, onTurn }: PaginationProps) {
  const { page } = position;
  const turnTo = (target: number, pageToken: string) => (event: MouseEvent) =>
    onTurn({ position: { ...position, page: target, pageToken }, byKeyboard: event.detail === 0 });
  return (
    <nav className={styles.pagination} aria-label={label}>
      <span data-testid="list-range">{range}</span>
      <div className={styles.steps}>
        <Button unavailable={page === 1} onClick={turnTo(1, '')}>
          <Trans context="page">First</Trans>
        </Button>
        <Button unavailable={page === 1} onClick={turnTo(page - 1, previousToken)}>
          <Trans context="page">Previous</Trans>
        </Button>
        <Button unavailable={nextToken === ''} onClick={turnTo(page + 1, nextToken)}>
          <Trans context="page">Next</Trans>
        </Button>
      </div>
    </nav>
  );
}
