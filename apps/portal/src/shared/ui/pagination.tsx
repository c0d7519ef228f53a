import { formatNumber } from '../format/format-count';
import { describeRange, type ListPosition } from '../format/list-position';
import { Button } from './button';
import styles from './table.module.css';

interface PaginationProps {
  label: string;
  position: ListPosition;
  pageSize: number;
  rows: number;
  total: number;
  nextToken: string;
  previousToken: string;
  onMove: (position: ListPosition) => void;
}

/** Previous and next by token; which rows these are is said in words. */
export function Pagination(props: PaginationProps) {
  const { label, position, pageSize, rows, total, nextToken, previousToken, onMove } = props;
  const move = (step: 1 | -1, pageToken: string) => onMove({ ...position, page: position.page + step, pageToken });
  return (
    <nav className={styles.pagination} aria-label={label}>
      <span data-testid="list-range">
        {total > 9_999
          ? `Page ${position.page} of ${formatNumber(total)}`
          : describeRange(position.page, pageSize, rows, total)}
      </span>
      <div className={styles.steps}>
        <Button unavailable={position.page === 1} onClick={() => move(-1, previousToken)}>
          Previous
        </Button>
        <Button unavailable={nextToken === ''} onClick={() => move(1, nextToken)}>
          Next
        </Button>
      </div>
    </nav>
  );
}
