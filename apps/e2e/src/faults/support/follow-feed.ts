import { setTimeout as sleep } from 'node:timers/promises';
import { waitUntil } from '@rollcall/testing';
import type { ReadyDirectory } from '../../support/create-directory';
import type { FeedEvent } from './expect-all-delivered';

const PAUSE_MS = 200;

/** A consumer of the feed of an environment, which asks again whatever it was answered. */
export interface FollowedFeed {
  /** Everything that it was given, in order. */
  readonly events: readonly FeedEvent[];
  /** Resolves when it has so many events of these directories; then it asks no more. */
  end(directories: readonly ReadyDirectory[], count: number): Promise<FeedEvent[]>;
}

interface FeedPage {
  readonly events: FeedEvent[];
  readonly next_after: string;
  readonly has_more: boolean;
}

/** Follows the feed from its end on, page by page, of sizes that differ. */
export async function followFeed(api: ReadyDirectory['api']): Promise<FollowedFeed> {
  const events: FeedEvent[] = [];
  let isOver = false;
  let after = '';
  for (let page: FeedPage; ;) {
    page = await api<FeedPage>('GET', `/events?page_size=1000${after}`);
    after = `&after=${encodeURIComponent(page.next_after)}`;
    if (!page.has_more) break;
  }
  const following = follow();
  return {
    events,
    end: async (directories, count) => {
      const ids = new Set(directories.map(({ directoryId }) => directoryId));
      const wanted = () => events.filter(({ directory_id: id }) => ids.has(id));
      await waitUntil(() => wanted().length >= count, { what: `${count} events in the environment's feed` });
      isOver = true;
      await following;
      return wanted();
    },
  };

  async function follow(): Promise<void> {
    for (let size = 1; !isOver; size = (size % 97) + 7) {
      const page = await api<FeedPage>('GET', `/events?page_size=${size}${after}`).catch(() => null);
      if (page) {
        events.push(...page.events);
        after = `&after=${encodeURIComponent(page.next_after)}`;
      }
      if (!page?.has_more) await sleep(PAUSE_MS);
    }
  }
}
