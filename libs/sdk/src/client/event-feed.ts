import type { EventSummary } from '../webhook-endpoint-types';
import type { RollcallEvent } from '../events/rollcall-event';
import { apiPath } from './api-url';
import type { Connection } from './connection';

/** Which events, and from where. `after` and `after_sequence` exclude each other; without either, from the oldest kept. */
export interface EventQuery {
  /** Exclusive: a `next_after` or an event id. */
  after?: string;
  /** Exclusive, 0 = from the start; only with `directory_id`. */
  after_sequence?: number;
  /** That of `after_sequence`, only with it: `events_ahead` when the directory has another. */
  epoch?: number;
  types?: readonly string[];
  organization_id?: string;
  directory_id?: string;
  /** Events per request, 1 to 1000; default 100. */
  page_size?: number;
  signal?: AbortSignal | undefined;
}

/** Events, oldest first. */
export interface EventPage {
  events: RollcallEvent[];
  /** Where the next page begins: always there, opaque. Store it to go on later. */
  next_after: string;
  has_more: boolean;
}

/** Which of the newest events; absent = all. */
export interface LatestEventQuery extends Pick<EventQuery, 'types' | 'organization_id' | 'directory_id' | 'signal'> {
  /** 1 to 100, default 20. */
  page_size?: number;
  /** A `next_page_token`: what is older than that page. */
  page_token?: string;
}

/** Newest first; `next_page_token` is empty at the end. */
export interface LatestEventPage {
  events: EventSummary[];
  next_page_token: string;
}

/** The stored events, the same as the webhooks, for 30 days unless the server keeps them longer. */
export function eventCalls(connection: Connection) {
  /**
   * One page.
   * @throws RollcallError `events_expired` (410) for a position that the server does not keep any more, `events_ahead` (410) for one
   *   that it has not reached or that is of another epoch: it was restored, so take a snapshot, as `syncDirectory` does by itself
   */
  function readPage({ types, signal, ...query }: EventQuery = {}): Promise<EventPage> {
    return connection.json({ path: '/events', query: { ...query, types: types?.join(',') }, signal });
  }

  /**
   * Every event from the position on, page after page, until there is none yet.
   * @throws RollcallError as `readPage`
   */
  async function* list(query: EventQuery = {}): AsyncGenerator<RollcallEvent, void, undefined> {
    let position = query;
    for (;;) {
      const { events, next_after: after, has_more: hasMore } = await readPage(position);
      yield* events;
      if (!hasMore) return;
      position = { ...query, after_sequence: undefined, epoch: undefined, after };
    }
  }

  return {
    readPage,
    list,
    /**
     * One event.
     * @throws RollcallError `event_not_found` (404)
     */
    get: async (eventId: string): Promise<RollcallEvent> =>
      (await connection.json<{ event: RollcallEvent }>({ path: apiPath`/events/${eventId}` })).event,
    /** The newest events without their data, newest first: for people to look at. Who has to miss none follows `list`. */
    latest: ({ types, signal, ...query }: LatestEventQuery = {}): Promise<LatestEventPage> =>
      connection.json({ path: '/events:latest', query: { ...query, types: types?.join(',') }, signal }),
  };
}

/** What `eventCalls` answers. */
export type EventCalls = ReturnType<typeof eventCalls>;
