import { StartError } from '@rollcall/embedded-postgres';

/** A part of a list at the source. */
export interface Page {
  readonly items: readonly Record<string, unknown>[];
  /** By which the next one is asked for; empty: this is the last. */
  readonly next: string;
}

/**
 * The pages of a list, from the first to the last.
 * @param what the list, as it begins a sentence
 * @param read the page that is asked for by what the one before gave as `next`; at first by an empty text
 * @throws StartError when the source comes back to a page that it gave before, which would never end
 */
export async function* readPages(what: string, read: (next: string) => Promise<Page>): AsyncGenerator<Page['items']> {
  const asked = new Set<string>();
  const begun = new Set<unknown>();
  for (let next = ''; ;) {
    const page = await read(next);
    const first = page.items[0]?.['id'];
    asked.add(next);
    next = page.next;
    if ((next !== '' && asked.has(next)) || (first !== undefined && begun.has(first))) {
      throw new StartError(
        `${what} has no end: the source gave a page again that it had given before. Run the same command again; if it says the same, tell who runs the source.`,
      );
    }
    begun.add(first);
    yield page.items;
    if (next === '') return;
  }
}
