import { t } from '@lingui/core/macro';
import { formatNumber } from './format-count';

/** Where a list stands: what it is searched for, and which page is shown. The URL holds it. */
export interface ListPosition {
  query: string;
  /** 1 for the first page. Only for showing which rows these are: the token is what selects the page. */
  page: number;
  /** Opaque token of the page, '' for the first. */
  pageToken: string;
}

const NAMES = { query: 'q', page: 'page', pageToken: 'page_token' } as const;

/** Reads the position from a URL; whatever does not make sense gives the first page. */
export function readListPosition(parameters: URLSearchParams): ListPosition {
  const query = parameters.get(NAMES.query) ?? '';
  const page = Number(parameters.get(NAMES.page) ?? 1);
  const pageToken = parameters.get(NAMES.pageToken) ?? '';
  if (!Number.isSafeInteger(page) || page < 2 || pageToken === '') return { query, page: 1, pageToken: '' };
  return { query, page, pageToken };
}

/** The URL's parameters with the position changed; other parameters stay, defaults are left out. */
export function writeListPosition(parameters: URLSearchParams, position: ListPosition): URLSearchParams {
  const next = new URLSearchParams(parameters);
  setOrDelete(next, NAMES.query, position.query);
  const first = position.page < 2 || position.pageToken === '';
  setOrDelete(next, NAMES.page, first ? '' : String(position.page));
  setOrDelete(next, NAMES.pageToken, first ? '' : position.pageToken);
  return next;
}

/** A page of a list as it was answered. */
interface ShownPage {
  /** 1 for the first. */
  page: number;
  pageSize: number;
  rows: number;
  /** How many rows the list has in all, exactly. */
  total: number;
  isLast: boolean;
}

/**
 * Which rows a page shows, counted from 1: `21–40 of 10,050`. Rows that came or went before it since its number was
 * counted move it: the last page ends with the last row, and none goes beyond it.
 */
export function describeRange({ page, pageSize, rows, total, isLast }: ShownPage): string {
  const all = formatNumber(total);
  if (rows === 0) return t`0 of ${all}`;
  const last = isLast ? total : Math.min((page - 1) * pageSize + rows, total);
  const first = Math.max(1, last - rows + 1);
  const range = first === last ? formatNumber(last) : `${formatNumber(first)}–${formatNumber(last)}`;
  return t`${range} of ${all}`;
}

function setOrDelete(parameters: URLSearchParams, name: string, value: string): void {
  if (value === '') parameters.delete(name);
  else parameters.set(name, value);
}
