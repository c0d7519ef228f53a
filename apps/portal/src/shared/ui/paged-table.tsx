import type { ListPage } from '@rollcall/sdk';
import type { UseQueryResult } from '@tanstack/react-query';
import { PortalError } from '../api/portal-error';
import type { ListPosition } from '../format/list-position';
import { Button } from './button';
import { Pagination } from './pagination';
import { Table, type Column, type EmptyText } from './table';
import { toTableState } from './table-state';

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
}

/** A table over a list of the API, with its pages. A page that is not there any more leads back to the first. */
export function PagedTable<Page extends ListPage, Row>(props: PagedTableProps<Page, Row>) {
  const { caption, columns, query, rowsOf, rowKey, empty, pageSize, position, onMove } = props;
  const toFirstPage = () => onMove({ ...position, page: 1, pageToken: '' });
  const isTokenRefused = position.page > 1 && query.error instanceof PortalError && query.error.status === 400;
  const gone: EmptyText = {
    title: 'There is nothing on this page any more',
    text: <Button onClick={toFirstPage}>Go to the first page</Button>,
  };
  const state = toTableState(query, rowsOf);
  return (
    <Table
      caption={caption}
      columns={columns}
      state={isTokenRefused ? { kind: 'ready', rows: [], isRefreshing: false, refreshError: null } : state}
      rowKey={rowKey}
      onRetry={() => void query.refetch()}
      empty={position.page > 1 ? gone : empty}
      footer={
        query.data && (
          <Pagination
            label={`Pages of ${caption}`}
            position={position}
            pageSize={pageSize}
            rows={rowsOf(query.data).length}
            total={query.data.total_size}
            nextToken={query.data.next_page_token}
            previousToken={query.data.prev_page_token}
            onMove={onMove}
          />
        )
      }
    />
  );
}
