import type { RollcallClient } from '../client/create-rollcall-client';
import type { EventQuery } from '../client/event-feed';
import { ConnectionError, RateLimitError, ServerError } from '../client/rollcall-error';
import { sleep as sleepUntil } from '../client/retry-request';
import type { RollcallEvent } from '../events/rollcall-event';

/** Where a consumer keeps how far it has come: two calls over a database of your own. */
export interface Checkpoints {
  /** The position that was saved last; null before the first. */
  load(): Promise<string | null>;
  save(position: string): Promise<void>;
}

/** What `consume` takes. */
export interface Consumer extends Pick<EventQuery, 'types' | 'organization_id' | 'directory_id' | 'page_size'> {
  client: { events: Pick<RollcallClient['events'], 'readPage'> };
  checkpoints: Checkpoints;
  /** Called with one event after the other. What it throws ends the consumer, and the event comes again when that starts anew. */
  handle: (event: RollcallEvent) => Promise<void> | void;
  /** How long to wait when there is nothing new, and after an error that passes, unless its `Retry-After` is longer. Default 5. */
  idleSeconds?: number;
  /** Ends the consumer after the event that it is at. */
  signal?: AbortSignal | undefined;
  /** Waits, for tests. */
  sleep?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Follows the event feed from the saved position, or from the oldest event that is kept, until the signal is aborted. The position is
 * saved after each page whose events were all handled: an event comes again when the process ended in between, and none is left out.
 * A server that cannot be reached is waited for.
 * @throws RollcallError of the API that does not pass by itself, such as `PositionGoneError` when the position is not kept any more;
 *   what `handle` or `checkpoints` throw
 */
export async function consume(consumer: Consumer): Promise<void> {
  const { client, checkpoints, handle, types, organization_id, directory_id, page_size = 500 } = consumer;
  const { idleSeconds = 5, signal = new AbortController().signal, sleep = sleepUntil } = consumer;
  let position = await checkpoints.load();
  while (!signal.aborted) {
    const query = { types, organization_id, directory_id, page_size, after: position ?? undefined, signal };
    let waitSeconds = idleSeconds;
    const page = await client.events.readPage(query as EventQuery).catch((error: unknown) => {
      waitSeconds = Math.max(idleSeconds, secondsAsked(error, signal));
      return undefined;
    });
    if (page) {
      for (const event of page.events) {
        if (signal.aborted) return;
        await handle(event);
      }
      if (page.next_after !== position) await checkpoints.save(page.next_after);
      position = page.next_after;
    }
    if (!page?.has_more) await sleep(waitSeconds * 1000, signal).catch(ignoreAbort(signal));
  }
}

/** The reason of an abort, which is how a consumer is ended and no error of it. */
function ignoreAbort(signal: AbortSignal) {
  return (error: unknown): undefined => {
    if (!signal.aborted) throw error;
  };
}

/** How long the server wants to be left alone after an error that passes by itself. Any other error is thrown. */
function secondsAsked(error: unknown, signal: AbortSignal): number {
  if (signal.aborted) return 0;
  const passes = error instanceof ConnectionError || error instanceof ServerError || error instanceof RateLimitError;
  if (!passes) throw error;
  return error.retryAfter ?? 0;
}
