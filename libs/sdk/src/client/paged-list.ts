import type { ListPage } from '../api-types';
import type { Query } from './api-url';
import type { Connection } from './connection';
import { responseInvalid } from './rollcall-error';

/** One page of a list. `next_page_token` and `prev_page_token` are '' at the ends. */
export interface Page<Item> extends ListPage {
  items: Item[];
}

/**
 * A list of the API. Nothing is asked for until it is read.
 *
 * `for await (const item of list)` reads it to the end, a page at a time as the loop gets there.
 */
export interface PagedList<Item> extends AsyncIterable<Item> {
  /** One page: the first without a token. */
  page(pageToken?: string): Promise<Page<Item>>;
}

/** Items per request, 1 to 100. Iterating asks for 100 unless told otherwise. */
export interface PageSize {
  page_size?: number;
}

/**
 * @param itemsKey the key of the answer under which the items are
 */
export function pagedList<Item>(
  connection: Connection,
  { path, itemsKey, query = {} }: { path: string; itemsKey: string; query?: Query },
): PagedList<Item> {
  async function page(pageToken?: string): Promise<Page<Item>> {
    const answer = await connection.json<ListPage & Record<string, unknown>>({
      path,
      query: { page_size: 100, ...query, page_token: pageToken || undefined },
    });
    const { total_size, next_page_token, prev_page_token } = answer;
    const items = answer[itemsKey];
    if (!Array.isArray(items)) throw responseInvalid(200);
    return { items: items as Item[], total_size, next_page_token, prev_page_token };
  }
  return {
    page,
    async *[Symbol.asyncIterator]() {
      let pageToken: string | undefined;
      do {
        const { items, next_page_token } = await page(pageToken);
        yield* items;
        pageToken = next_page_token;
      } while (pageToken);
    },
  };
}
