import { t } from '@lingui/core/macro';
import { useRef } from 'react';
import type { ListPage } from '@rollcall/sdk';
import type { UseQueryResult } from '@tanstack/react-query';
import { PortalError } from '../api/portal-error';
import { describeRange, type ListPosition } from '../format/list-position';
import { writeHidden } from '../format/mark-hidden';
import { Button } from './button';
import { Pagination } from './pagination';
import { Table, type Column, type EmptyText, type TableOrder } from './table';
import { toTableState } from './table-state';
import { usePageTurn } from './use-page-turn';

interface PagedTableProps<Page extends ListPage, Row> {
  /** What the rows are, in the plural: `Users`. Also names the pagination. */
  caption: string;
  columns: readonly Column<Row>[];
  query: UseQueryResult<Page>;
  rowsOf: (page: Page) => readonly Row[];
  rowKey: (row: Row) => string;
  empty: EmptyText;
  pageSize: number;
  position: ListPosition;
  onMove: (position: ListPosition) => void;
  order?: TableOrder;
  /** Each row is pressed as a whole: it leads where the link of its name does. */
  isPressed?: boolean;
}

/** A table over a list of the API, with its pages. A page that is not there any more leads back to the first. */
export function PagedTable<Page extends ListPage, Row>(props: PagedTableProps<Page, Row>) {
  const { caption, columns, query, rowsOf, rowKey, empty, position } = props;
  const frame = useRef<HTMLElement>(null);
  const range = query.data ? rangeOf(props, query.data) : '';
  const isOnItsWay = query.isPlaceholderData;
  const announcement = range && t`${caption}: ${range}`;
  const turnPage = usePageTurn({ frame, position, isOnItsWay, announcement, onMove: props.onMove });
  const isTokenRefused = position.page > 1 && query.error instanceof PortalError && query.error.status === 400;
  const toFirstPage = () => turnPage({ position: { ...position, page: 1, pageToken: '' }, byKeyboard: false });
  const gone: EmptyText = {
    title: t`There is nothing on this page any more`,
    text: <Button onClick={toFirstPage}>{t`Go to the first page`}</Button>,
    isOfPartToo: true,
  };
  const state = toTableState(query, rowsOf);
  return (
    <Table
      ref={frame}
      caption={caption}
      columns={columns}
      state={isTokenRefused ? { kind: 'ready', rows: [], isRefreshing: false, refreshError: null } : state}
      rowKey={rowKey}
      order={props.order}
      isPressed={props.isPressed}
      onRetry={() => void query.refetch()}
      empty={position.page > 1 ? gone : empty}
      footer={
        query.data && (
          <Pagination
            label={t`Pages of ${{ caption: writeHidden(caption) }}`}
            range={range}
            position={position}
            nextToken={query.data.next_page_token}
            previousToken={query.data.prev_page_token}
            onTurn={turnPage}
          />
        )
      }
    />
  );
}

function rangeOf<Page extends ListPage, Row>(
  { rowsOf, pageSize, position }: PagedTableProps<Page, Row>,
  answer: Page,
): string {
  const rows = rowsOf(answer).length;
  const isLast = answer.next_page_token === '';
  return describeRange({ page: position.page, pageSize, rows, total: answer.total_size, isLast });
}
