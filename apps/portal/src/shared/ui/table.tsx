import { t } from '@lingui/core/macro';
import type { ReactNode, Ref } from 'react';
import { writeHidden } from '../format/mark-hidden';
import { ForeignText } from './foreign-text';
import { Icon } from './icon';
import { ErrorNotice, StaleNotice } from './notice';
import { PartialNotice } from './partial-notice';
import { Skeleton } from './skeleton';
import styles from './table.module.css';

export interface Column<Row> {
  header: string;
  cell: (row: Row) => ReactNode;
  /** The column that names the row, by a text of any length. */
  isRowHeader?: boolean;
  /** Texts of any length: they are broken where they must be, while other columns stay in one line. */
  isText?: boolean;
  /** Left out on narrow screens; `widest`: on all but the widest. */
  isWideOnly?: boolean | 'widest';
  align?: 'end';
  /** By what the rows can be put in the order of this column; the first press does, the second turns it round. */
  sort?: { key: string; isDescendingFirst?: boolean };
}

/** In which order the rows are: a column's key, with a minus the largest first; '' for the list's own order. */
export interface TableOrder {
  sort: string;
  onSort: (sort: string) => void;
}

/**
 * Every state a list can be in. `ready` is partial with a `refreshError`: older rows, and no newer to be had; and with databases that are
 * `unavailable`: what those have is not among the rows.
 */
export type TableState<Row> =
  | { kind: 'loading' }
  | { kind: 'error'; error: unknown }
  | {
      kind: 'ready';
      rows: readonly Row[];
      isRefreshing: boolean;
      refreshError: unknown;
      unavailable?: readonly string[];
    };

/** What an empty list says: that it is, and why or what to do. */
export interface EmptyText {
  title: string;
  text: ReactNode;
  /** It holds also where some of the list is missing, because it leads to another part of it. */
  isOfPartToo?: true;
}

interface TableProps<Row> {
  caption: string;
  columns: readonly Column<Row>[];
  state: TableState<Row>;
  rowKey: (row: Row) => string;
  empty: EmptyText;
  onRetry: () => void;
  order?: TableOrder;
  /** Each row is pressed as a whole where it has a link: that of its name. */
  isPressed?: boolean;
  /** Below the rows: the pagination. */
  footer?: ReactNode;
  /** The table with all that belongs to it, in every state the same element. */
  ref?: Ref<HTMLElement>;
}

type LoadedTableProps<Row> = Omit<TableProps<Row>, 'state'> & {
  state: Exclude<TableState<Row>, { kind: 'error' }>;
};

const SKELETON_ROWS = [1, 2, 3, 4, 5];

/** A list in rows and columns, in whichever state it is. */
export function Table<Row>({ ref, ...props }: TableProps<Row>) {
  return (
    <section ref={ref} className={styles.frame} aria-label={writeHidden(props.caption)}>
      <TableContent {...props} />
    </section>
  );
}

function TableContent<Row>({ state, ...props }: TableProps<Row>) {
  if (state.kind === 'error') {
    return (
      <div className={styles.message}>
        <ErrorNotice error={state.error} onRetry={props.onRetry} />
      </div>
    );
  }
  const unavailable = (state.kind === 'ready' && state.unavailable) || [];
  return (
    <>
      {unavailable.length > 0 && (
        <div className={styles.notice}>
          <PartialNotice unavailable={unavailable} onRetry={props.onRetry} />
        </div>
      )}
      {state.kind === 'ready' && state.rows.length === 0 ? (
        <EmptyList empty={unavailable.length > 0 ? emptyPartOf(props.empty) : props.empty} />
      ) : (
        <LoadedTable state={state} {...props} />
      )}
    </>
  );
}

/** What an empty list says that is not whole: not that there is nothing, and not what to do then. */
function emptyPartOf(empty: EmptyText): EmptyText {
  return empty.isOfPartToo ? empty : { title: t`Of the other organizations there is nothing here`, text: null };
}

function EmptyList({ empty: { title, text } }: { empty: EmptyText }) {
  return (
    <div className={styles.message}>
      <p className={styles.emptyTitle}>{title}</p>
      <div className={styles.emptyText}>{text}</div>
    </div>
  );
}

function LoadedTable<Row>(props: LoadedTableProps<Row>) {
  const { caption, columns, state, rowKey, onRetry, footer, order, isPressed } = props;
  return (
    <>
      {state.kind === 'ready' && state.refreshError !== null && (
        <div className={styles.notice}>
          <StaleNotice title={t`This list could not be refreshed`} onRetry={onRetry} />
        </div>
      )}
      <div className={styles.scroll}>
        <table
          className={`${styles.table} ${state.kind === 'ready' && state.isRefreshing ? styles.refreshing : ''}`}
          aria-busy={state.kind === 'loading' || state.isRefreshing}
        >
          <caption className="visually-hidden">
            <ForeignText text={caption} />
          </caption>
          <thead>
            <tr>
              {columns.map((column) => (
                <HeaderCell key={column.header} column={column} order={order} />
              ))}
            </tr>
          </thead>
          <tbody>
            {state.kind === 'loading'
              ? SKELETON_ROWS.map((row) => <SkeletonRow key={row} columns={columns} />)
              : state.rows.map((row) => (
                  <BodyRow key={rowKey(row)} row={row} columns={columns} isPressed={isPressed} />
                ))}
          </tbody>
        </table>
      </div>
      {footer}
    </>
  );
}

function HeaderCell<Row>({ column, order }: { column: Column<Row>; order?: TableOrder }) {
  const { header, sort } = column;
  if (!order || !sort) {
    return (
      <th scope="col" className={cellClass(column)}>
        {header}
      </th>
    );
  }
  const [up, down] = [sort.key, `-${sort.key}`];
  const [first, second] = sort.isDescendingFirst ? [down, up] : [up, down];
  const next = order.sort === first ? second : order.sort === second ? '' : first;
  const direction = order.sort === up ? 'ascending' : order.sort === down ? 'descending' : 'none';
  return (
    <th scope="col" className={cellClass(column)} aria-sort={direction}>
      <button type="button" className={`${styles.sort} ${styles[direction] ?? ''}`} onClick={() => order.onSort(next)}>
        {header}
        <Icon name="chevronDown" size={14} className={styles.sortIcon} />
      </button>
    </th>
  );
}

interface BodyRowProps<Row> {
  row: Row;
  columns: readonly Column<Row>[];
  isPressed?: boolean;
}

function BodyRow<Row>({ row, columns, isPressed = false }: BodyRowProps<Row>) {
  return (
    <tr className={isPressed ? styles.pressed : undefined}>
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

function cellClass<Row>({ isRowHeader, isText = isRowHeader, isWideOnly, align }: Column<Row>): string | undefined {
  const names = [
    isText && styles.text,
    isRowHeader && styles.rowName,
    isWideOnly && (isWideOnly === 'widest' ? styles.widest : styles.wide),
    align === 'end' && styles.end,
  ].filter(Boolean);
  return names.length > 0 ? names.join(' ') : undefined;
}
