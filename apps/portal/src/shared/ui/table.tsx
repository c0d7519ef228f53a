import type { ReactNode } from 'react';
import { ErrorNotice, StaleNotice } from './notice';
import { Skeleton } from './skeleton';
import styles from './table.module.css';

export interface Column<Row> {
  header: string;
  cell: (row: Row) => ReactNode;
  /** The column that names the row. */
  isRowHeader?: boolean;
  /** Left out on narrow screens. */
  isWideOnly?: boolean;
  align?: 'end';
}

/** Every state a list can be in. `ready` with a `refreshError` is the partial one: older rows, and no newer to be had. */
export type TableState<Row> =
  | { kind: 'loading' }
  | { kind: 'error'; error: unknown }
  | { kind: 'ready'; rows: readonly Row[]; isRefreshing: boolean; refreshError: unknown };

/** What an empty list says: that it is, and why or what to do. */
export interface EmptyText {
  title: string;
  text: ReactNode;
}

interface TableProps<Row> {
  caption: string;
  columns: readonly Column<Row>[];
  state: TableState<Row>;
  rowKey: (row: Row) => string;
  empty: EmptyText;
  onRetry: () => void;
  /** Below the rows: the pagination. */
  footer?: ReactNode;
}

const SKELETON_ROWS = [1, 2, 3, 4, 5];

export function Table<Row>({ caption, columns, state, rowKey, empty, onRetry, footer }: TableProps<Row>) {
  if (state.kind === 'error') {
    return (
      <div className={styles.frame}>
        <div className={styles.message}>
          <ErrorNotice error={state.error} onRetry={onRetry} />
        </div>
      </div>
    );
  }
  if (state.kind === 'ready' && state.rows.length === 0) {
    return (
      <div className={styles.frame}>
        <div className={styles.message}>
          <p className={styles.emptyTitle}>{empty.title}</p>
          <div className={styles.emptyText}>{empty.text}</div>
        </div>
      </div>
    );
  }
  return (
    <div className={styles.frame}>
      {state.kind === 'ready' && state.refreshError !== null && (
        <div className={styles.notice}>
          <StaleNotice what="This list" onRetry={onRetry} />
        </div>
      )}
      <div className={styles.scroll}>
        <table
          className={`${styles.table} ${state.kind === 'ready' && state.isRefreshing ? styles.refreshing : ''}`}
          aria-busy={state.kind === 'loading' || state.isRefreshing}
        >
          <caption className="visually-hidden">{caption}</caption>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column.header} scope="col" className={cellClass(column)}>
                  {column.header}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {state.kind === 'loading'
              ? SKELETON_ROWS.map((row) => <SkeletonRow key={row} columns={columns} />)
              : state.rows.map((row) => <BodyRow key={rowKey(row)} row={row} columns={columns} />)}
          </tbody>
        </table>
      </div>
      {footer}
    </div>
  );
}

function BodyRow<Row>({ row, columns }: { row: Row; columns: readonly Column<Row>[] }) {
  return (
    <tr>
      {columns.map((column) =>
        column.isRowHeader ? (
          <th key={column.header} scope="row" className={cellClass(column)}>
            {column.cell(row)}
          </th>
        ) : (
          <td key={column.header} className={cellClass(column)}>
            {column.cell(row)}
          </td>
        ),
      )}
    </tr>
  );
}

function SkeletonRow<Row>({ columns }: { columns: readonly Column<Row>[] }) {
  return (
    <tr>
      {columns.map((column) => (
        <td key={column.header} className={cellClass(column)}>
          <Skeleton width={column.isRowHeader ? 3 : 2} />
        </td>
      ))}
    </tr>
  );
}

function cellClass<Row>(column: Column<Row>): string | undefined {
  const names = [column.isWideOnly && styles.wide, column.align === 'end' && styles.end].filter(Boolean);
  return names.length > 0 ? names.join(' ') : undefined;
}
