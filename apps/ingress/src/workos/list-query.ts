import type { Page, PageRequest } from '@rollcall/management';
import { AppError, parseId, publicId } from '@rollcall/platform';
import type { IdPrefix } from '@rollcall/platform';
import { EnumField, IntegerParameter, TextField } from '../management/input/fields';

/** Items on a page unless said otherwise. */
export const DEFAULT_LIMIT = 10;
const CURSOR_MAX = 100;

/** The query of every list (`PaginationOptions`): a cursor is the id of an item. */
export class ListQuery {
  @IntegerParameter({ min: 1, max: 100, description: 'Items on a page.' })
  limit?: number;

  @TextField({ max: CURSOR_MAX, description: 'The items before this one in the list.' })
  before?: string;

  @TextField({ max: CURSOR_MAX, description: 'The items after this one in the list.' })
  after?: string;

  @EnumField({ values: ['asc', 'desc'], description: 'Oldest or newest first.' })
  order?: 'asc' | 'desc';
}

/** A list as WorkOS answers it; a cursor is null at that end. */
export interface WorkosList<Item> {
  object: 'list';
  data: Item[];
  list_metadata: { before: string | null; after: string | null };
}

/** Behind every bare id. */
const END = '~';

/**
 * The page of a list that is kept oldest first. A cursor says only where a page begins, not what there is: of another list it
 * shows nothing that is not in this one. Throws AppError `invalid_request` for a cursor that is no id of the list's kind.
 */
export function toPageRequest(prefix: IdPrefix, query: ListQuery): PageRequest {
  const { limit: size = DEFAULT_LIMIT, before, after, order = 'desc' } = query;
  if (before !== undefined && after !== undefined) throw invalid('Send "before" or "after", not both.');
  const cursor = after ?? before;
  const key = cursor === undefined ? undefined : parseId(prefix, cursor);
  if (key === null) throw invalid(`"before" and "after" take an id that begins with ${prefix}_.`);
  const direction = (order === 'asc') === (before === undefined) ? 'next' : 'prev';
  if (key !== undefined) return { size, cursor: { direction, keys: [key] } };
  return direction === 'next' ? { size } : { size, cursor: { direction, keys: [END] } };
}

/** A page in the order that was asked for. */
export function renderList<Row, Item>(
  prefix: IdPrefix,
  { order = 'desc' }: ListQuery,
  { rows, next, prev }: Page<Row>,
  render: (row: Row) => Item,
): WorkosList<Item> {
  const items = rows.map(render);
  const [older, newer] = [prev, next].map((cursor) => (cursor?.keys[0] ? publicId(prefix, cursor.keys[0]) : null));
  return {
    object: 'list',
    data: order === 'desc' ? items.toReversed() : items,
    list_metadata: {
      before: (order === 'desc' ? newer : older) ?? null,
      after: (order === 'desc' ? older : newer) ?? null,
    },
  };
}

export function invalid(message: string): AppError {
  return new AppError({ kind: 'invalid', code: 'invalid_request', message });
}
