import { readFeedPlace, writeFeedPlace } from '@rollcall/cells';
import type { FeedPlace } from '@rollcall/cells';
import type { FastifyRequest } from 'fastify';
import { notFound } from '@rollcall/database';
import { publicId } from '@rollcall/platform';
import type { WorkosEvent } from '@rollcall/webhooks';
import { sendJsonText } from '../http/send-json-text';
import { COMMIT_LAG_MS, READ_AT_ONCE, READS_MAX, renderPage, requireEventId, toEvents } from '../workos/workos-events';
import type { ListedEvent } from '../workos/workos-events';
import type { WorkosList } from '../workos/list-query';
import { findStartAtEvent, findStartAtTime, readFeed, withEach } from './answer-feed';
import { askIfThere, passAnswer } from './ask-cell';
import type { CellAnswer } from './ask-cell';
import { requireFinal } from './claimed-client';
import type { Answerer, Installation } from './installation';
import { listNewestEvents } from './list-newest-events';
import { readAskedEvents } from './read-asked-events';
import type { AskedEvents } from './read-asked-events';
import { refusedBy } from './refused-by';
import { cellUnavailable } from './refusals';

/** Of the cursors of this list. */
const SCOPE = 'workos events of cells';

/**
 * Answers WorkOS' list of events of all cells. Oldest first it is made of our feed, in whose order each directory's events stay, also those
 * of one that was moved: its cursors are places in the feed of each cell, and one that is away keeps its place. The id of an event is one,
 * too. Newest first it is put together of the cells' lists. Throws AppError 503 when a cell is away that cannot keep a place.
 */
export function answerWorkosEvents(installation: Installation): Answerer {
  return async (request, reply) => {
    const { searchParams: query } = new URL(request.url, 'http://cells');
    const refusal = await findRefusal(installation, request, query);
    if (refusal) return passAnswer(reply, refusal);
    const asked = await readAskedEvents(installation, request, query);
    const list =
      asked === null
        ? renderPage([], null)
        : query.get('order') === 'desc'
          ? await listNewestEvents(installation, asked)
          : await listOldest(installation, asked);
    sendJsonText(reply, 'application/json; charset=utf-8', JSON.stringify(list));
  };
}

/** What the first cell says that knows who asks, of what is asked; no event is looked for. Undefined: it is as it should be. */
async function findRefusal(
  installation: Installation,
  request: FastifyRequest,
  given: URLSearchParams,
): Promise<CellAnswer | undefined> {
  const query = new URLSearchParams(given);
  query.set('events', NONE);
  query.delete('after');
  let unknown: CellAnswer | undefined;
  const answers = new Map<string, CellAnswer | null>();
  for (const cell of installation.cells) {
    const answer = await askIfThere(cell, request, { url: `/events?${query.toString()}` });
    answers.set(cell.name, answer);
    if (answer?.status === 200) return undefined;
    if (answer && answer.status !== 401) return answer;
    unknown ??= answer ?? undefined;
  }
  if (!unknown) throw cellUnavailable();
  await requireFinal(installation, request, { refusal: unknown, answers });
  return unknown;
}

/** A type that there is not. */
const NONE = '-';

/** A place in the list: behind one of our events in each cell, and within one of which only some has been listed. */
interface Place {
  place: FeedPlace;
  /** The last that was listed, where something of the same event of ours comes behind it. */
  within: string | null;
}

async function listOldest(installation: Installation, asked: AskedEvents): Promise<WorkosList<ListedEvent>> {
  const { limit, passes } = asked;
  const start = await findStart(installation, asked);
  const found = start.within === null ? [] : await listRest(installation, asked, start.within);
  const encode = (at: Place) => {
    const { within } = at;
    return installation.tokens.encode({ ...writeFeedPlace(at.place), ...(within !== null && { within }) }, SCOPE);
  };
  const cut = (place: FeedPlace) => {
    const shown = found.slice(0, limit);
    const isCut = found.length > limit;
    return renderPage(shown, encode({ place, within: isCut ? (shown.at(-1)?.id ?? null) : null }));
  };
  let { place } = start;
  if (found.length >= limit) return cut(place);
  for (let reads = 0; reads < READS_MAX; reads += 1) {
    const feed = await readFeed(installation, { ...asked, start: place });
    if ('refusal' in feed) throw refusedBy(feed.refusal);
    const { events, next, hasMore } = feed.merge(READ_AT_ONCE);
    for (const [index, { text }] of events.entries()) {
      found.push(...toEvents(text).filter(passes));
      if (found.length >= limit) return cut(feed.merge(index + 1).next);
    }
    place = next;
    // Of a cell that is away something may come.
    const isEnd = !hasMore && feed.unavailable.length === 0;
    if (isEnd && found.length === 0) return renderPage([], null);
    if (!hasMore) break;
  }
  return cut(place);
}

/** Where the list is read from. Throws AppError `invalid_request` for a cursor that is none, `event_not_found`. */
async function findStart(installation: Installation, asked: AskedEvents): Promise<Place> {
  const { after, rangeStart, reach, ask } = asked;
  if (after === null) {
    const place = rangeStart
      ? await findStartAtTime(reach.cells, ask, new Date(rangeStart.getTime() - COMMIT_LAG_MS))
      : withEach(reach.cells, () => ({ after: '' }));
    return { place, within: null };
  }
  const token = installation.tokens.decode(after, SCOPE) as { within?: string } | null;
  const read = readFeedPlace(token);
  if (read) {
    return { place: withEach(reach.cells, (name) => read[name] ?? { after: '' }), within: token?.within ?? null };
  }
  const place = await findStartAtEvent(asked, publicId('evt', requireEventId(after)));
  if (!place) throw notFound('event');
  return { place, within: after };
}

/** What comes behind a listed event of the same event of ours; none when that is kept no longer. */
async function listRest({ cells }: Installation, { request, passes }: AskedEvents, id: string): Promise<WorkosEvent[]> {
  const url = `/api/v1/events/${publicId('evt', requireEventId(id))}`;
  for (const cell of cells) {
    const answer = await askIfThere(cell, request, { url });
    if (answer?.status !== 200) continue;
    const listed = toEvents(eventText(answer.text));
    const index = listed.findIndex((event) => event.id === id);
    return index < 0 ? [] : listed.slice(index + 1).filter(passes);
  }
  return [];
}

/** The stored event of an answer that has one. */
function eventText(answer: string): string {
  return JSON.stringify((JSON.parse(answer) as { event: unknown }).event);
}
