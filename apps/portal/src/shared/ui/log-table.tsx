import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import type { UseQueryResult } from '@tanstack/react-query';
import { PortalError } from '../api/portal-error';
import { useSearchParam } from '../hooks/use-search-param';
import { Button } from './button';
import { LogPages } from './log-pages';
import { Table, type Column, type EmptyText } from './table';
import { toTableState } from './table-state';

interface LogTableProps<Page extends { next_page_token: string }, Row> {
  /** What the rows are, in the plural: `Events`. Also names the pagination. */
  caption: string;
  columns: readonly Column<Row>[];
  query: UseQueryResult<Page>;
  rowsOf: (page: Page) => readonly Row[];
  rowKey: (row: Row) => string;
  empty: EmptyText;
}

/**
 * A table over a log of the API: newest first, read towards the older, not counted. The URL holds the page, so the browser's way back
 * leads to the newer one.
 */
export function LogTable<Page extends { next_page_token: string }, Row>(props: LogTableProps<Page, Row>) {
  const { caption, columns, query, rowsOf, rowKey, empty } = props;
  const [token, setToken] = useSearchParam('page_token');
  const turn = (to: string | null) => {
    setToken(to);
    // The reader begins at the top of the page that comes.
    window.scrollTo({ top: 0 });
  };
  const next = query.data?.next_page_token ?? '';
  const isTokenRefused = token !== null && query.error instanceof PortalError && query.error.status === 400;
  const state = toTableState(query, rowsOf);
  return (
    <Table
      caption={caption}
      columns={columns}
      state={isTokenRefused ? { kind: 'ready', rows: [], isRefreshing: false, refreshError: null } : state}
      rowKey={rowKey}
      onRetry={() => void query.refetch()}
      empty={emptyOf({ empty, isFirst: token === null, next: isTokenRefused ? '' : next, onTurn: turn })}
      footer={
        <LogPages
          caption={caption}
          isNewest={token === null}
          next={query.isPlaceholderData ? '' : next}
          onTurn={turn}
        />
      }
    />
  );
}

interface EmptyPage {
  empty: EmptyText;
  isFirst: boolean;
  next: string;
  onTurn: (token: string | null) => void;
}

/** A page without rows is the end of the log, or a stretch of it through which the filters let nothing. */
function emptyOf({ empty, isFirst, next, onTurn }: EmptyPage): EmptyText {
  if (next !== '') {
    return {
      title: t`Nothing in this part of the log`,
      text: (
        <Button onClick={() => onTurn(next)}>
          <Trans>Look further back</Trans>
        </Button>
      ),
      isOfPartToo: true,
    };
  }
  if (isFirst) return empty;
  return {
    title: t`There is nothing older`,
    text: (
      <Button onClick={() => onTurn(null)}>
        <Trans>Go to the newest</Trans>
      </Button>
    ),
    isOfPartToo: true,
  };
}
