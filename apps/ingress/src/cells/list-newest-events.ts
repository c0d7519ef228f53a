import { notFound } from '@rollcall/database';
import { publicId, timeOfId } from '@rollcall/platform';
import type { WorkosList } from '../workos/list-query';
import { READS_MAX, renderPage, requireEventId } from '../workos/workos-events';
import type { ListedEvent } from '../workos/workos-events';
import type { AskedEvents } from './read-asked-events';
import type { Cell } from './cell';
import type { Installation } from './installation';
import { refusedBy } from './refused-by';
import { cellUnavailable } from './refusals';

/** Of the cursors of this list. */
const SCOPE = 'newest workos events of cells';

/** Where a cell's list goes on. */
type CellPlace =
  | { at: 'start' }
  | { at: 'end' }
  /** Behind an event of that cell. */
  | { at: 'event'; id: string }
  /** Behind an event of another. */
  | { at: 'foreign'; id: string };

interface Part {
  cell: Cell;
  /** Behind what was taken. */
  place: CellPlace;
  /** What is known of what comes behind it. */
  events: ListedEvent[];
  /** Behind what is known. */
  next: CellPlace;
}

/** The newest events of all cells, by their ids. Throws AppError 503 when a cell is away, for its events would be passed over. */
export async function listNewestEvents(
  installation: Installation,
  asked: AskedEvents,
): Promise<WorkosList<ListedEvent>> {
  const { tokens } = installation;
  const placeOf = await findPlaces(installation, asked);
  const parts = asked.reach.cells.map((cell): Part => {
    const place = placeOf(cell);
    return { cell, place, events: [], next: place };
  });
  const found: ListedEvent[] = [];
  for (let reads = 0; reads < READS_MAX && found.length < asked.limit && !areOver(parts); reads += 1) {
    await Promise.all(parts.map((part) => refill(part, asked)));
    takeNewest(parts, found, asked.limit);
  }
  if (areOver(parts) && found.length === 0) return renderPage([], null);
  const places = Object.fromEntries(parts.map(({ cell, place }) => [cell.name, place]));
  return renderPage(found, tokens.encode(places, SCOPE));
}

function areOver(parts: readonly Part[]): boolean {
  return parts.every(({ place }) => place.at === 'end');
}

/** Throws AppError `invalid_request` for a cursor that is none, `event_not_found`. */
async function findPlaces(
  { tokens }: Installation,
  { after, reach, ask }: AskedEvents,
): Promise<(cell: Cell) => CellPlace> {
  if (after === null) return () => ({ at: 'start' });
  const places = tokens.decode(after, SCOPE) as Record<string, CellPlace> | null;
  if (places) return ({ name }) => places[name] ?? { at: 'start' };
  const url = `/api/v1/events/${publicId('evt', requireEventId(after))}`;
  const answers = await ask(reach.cells, () => ({ url }));
  const owner = [...answers].find(([, answer]) => answer?.status === 200)?.[0];
  if (owner === undefined && [...answers.values()].includes(null)) throw cellUnavailable();
  if (owner === undefined) throw notFound('event');
  return ({ name }) => ({ at: name === owner ? 'event' : 'foreign', id: after });
}

/** Reads on where everything that is known was taken. */
async function refill(part: Part, asked: AskedEvents): Promise<void> {
  const { cell, next } = part;
  if (part.events.length > 0 || next.at === 'end') return;
  const answer = (await asked.ask([cell], () => ({ url: urlAt(asked, next) }))).get(cell.name);
  if (!answer) throw cellUnavailable();
  if (answer.status !== 200) throw refusedBy(answer);
  const { data, list_metadata: around } = JSON.parse(answer.text) as WorkosList<ListedEvent>;
  part.events = next.at === 'foreign' ? data.filter((event) => ownIdOf(event) < ownIdOf(next)) : data;
  part.next = around.after === null ? { at: 'end' } : { at: 'event', id: around.after };
  if (part.events.length === 0) part.place = part.next;
}

function urlAt({ request, query: ours, limit }: AskedEvents, place: CellPlace): string {
  const query = new URL(request.url, 'http://cells').searchParams;
  query.delete('after');
  query.set('limit', String(limit));
  const organization = ours.get('organization_id');
  if (organization !== null) query.set('organization_id', organization);
  if (place.at === 'event') query.set('after', place.id);
  if (place.at === 'foreign') {
    const time = timeOfId(ownIdOf(place)).toISOString();
    const end = query.get('range_end');
    if (end === null || Date.parse(end) > Date.parse(time)) query.set('range_end', time);
  }
  return `/events?${query.toString()}`;
}

/** Takes the newest of all, until there are enough, or one is not known that may be newer. */
function takeNewest(parts: readonly Part[], found: ListedEvent[], limit: number): void {
  while (found.length < limit && parts.every(({ events, next }) => events.length > 0 || next.at === 'end')) {
    const [newest] = parts
      .filter(({ events }) => events.length > 0)
      .toSorted((one, other) => (headOf(one) < headOf(other) ? 1 : -1));
    const event = newest?.events.shift();
    if (!newest || !event) return;
    found.push(event);
    const isLast = newest.events.length === 0 && newest.next.at === 'end';
    newest.place = isLast ? { at: 'end' } : { at: 'event', id: event.id };
  }
}

function headOf({ events: [first] }: Part): string {
  return first ? ownIdOf(first) : '';
}

/** Of our event that it is a part of. */
function ownIdOf({ id }: { id: string }): string {
  return requireEventId(id);
}
