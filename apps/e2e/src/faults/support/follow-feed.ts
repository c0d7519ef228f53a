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

/** The whole feed, from its oldest event on. */
export async function readFeed(api: ReadyDirectory['api']): Promise<FeedEvent[]> {
  const events: FeedEvent[] = [];
  await readOn(api, (page) => events.push(...page));
  return events;
}

/** Tells of each page; resolves to where the feed ends for now. */
async function readOn(api: ReadyDirectory['api'], take: (events: FeedEvent[]) => void): Promise<string> {
  for (let after = ''; ;) {
    const page = await api<FeedPage>('GET', `/events?page_size=1000${after}`);
    take(page.events);
    after = `&after=${encodeURIComponent(page.next_after)}`;
    if (!page.has_more) return after;
  }
}

/** Follows the feed from its end on, page by page, of sizes that differ. */
export async function followFeed(api: ReadyDirectory['api']): Promise<FollowedFeed> {
  const events: FeedEvent[] = [];
  let isOver = false;
  let after = await readOn(api, () => undefined);
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
