import {
  isReadToEnd,
  leavePastCells,
  mergeFeed,
  placeAfterSequence,
  readFeedPlace,
  splitFeed,
  writeFeedPlace,
} from '@rollcall/cells';
import type { CellFeed, CellStart, DirectoryCells, FeedPlace, MergedFeed } from '@rollcall/cells';
import type { FastifyRequest } from 'fastify';
import { findPastPlacements } from '@rollcall/management';
import type { Placement } from '@rollcall/management';
import { newId, parseId, publicId, runInSlices } from '@rollcall/platform';
import { sendJsonText } from '../http/send-json-text';
import { DEFAULT_EVENTS, MAX_EVENTS } from '../management/events/read-events-query';
import { askCell, passAnswer } from './ask-cell';
import type { CellAnswer } from './ask-cell';
import { askForClient } from './ask-for-client';
import type { CellAsker } from './ask-for-client';
import type { Cell } from './cell';
import { requireFinal } from './claimed-client';
import { cellOf, findOrganization } from './installation';
import type { Answerer, Installation } from './installation';
import { cellUnavailable } from './refusals';

/** Of the tokens of a place in the feed of several cells. */
const SCOPE = 'events of cells';
/** How far before an event the other cells are read from: what was published later than it was made is among what follows. */
const BEFORE_MS = 600_000;
/**
 * Less than a move takes. Of cells that took longer to answer, one may have been read before an organization left it and another when it had
 * arrived there: nothing is shown that was published since they were asked.
 */
const MOVE_MS = 2_000;
/** Characters of an id that tell its time. */
const TIME_OF_ID = 10;

/** Whose events are read: cells in which they may be, and what of the order is known. */
export interface Reach {
  cells: readonly Cell[];
  /** Of the one directory that is read: where it has lived, and lives. */
  directory?: DirectoryCells;
}

/**
 * Answers the event feed of several cells as one: each event once, each directory in its order, also of one that was moved. The position
 * is one in each cell. A cell that is away keeps its place, and `unavailable_cells` names it; the others go on.
 */
export function answerFeed(installation: Installation): Answerer {
  const { control } = installation;
  return async (request, reply) => {
    const query = new URL(request.url, 'http://cells').searchParams;
    const size = readSize(query.get('page_size'));
    const reach = await findReach(installation, query);
    const ask = askForClient(installation, request);
    const start =
      size === null || reach === null ? null : await findStart(installation, { request, ask, query, reach });
    // What is asked wrongly, or of nobody, the control cell refuses.
    if (size === null || reach === null || start === null) return passAnswer(reply, await askCell(control, request));
    const { directory } = reach;
    const read = await readFeed(installation, { request, ask, query, reach, start });
    if ('refusal' in read) return passAnswer(reply, read.refusal);
    const { pages, unavailable } = read;
    const page = read.merge(size);
    const place = directory ? leavePastCells(page.next, pages, directory) : page.next;
    const next = installation.tokens.encode(writeFeedPlace(place), SCOPE);
    const events = page.events.map(({ text }) => text).join(',');
    const away = unavailable.length > 0 ? `,"unavailable_cells":${JSON.stringify(unavailable)}` : '';
    const text = `{"events":[${events}],"next_after":${JSON.stringify(next)},"has_more":${page.hasMore}${away}}`;
    sendJsonText(reply, 'application/json; charset=utf-8', text);
  };
}

/** What cells have of the feed from a place on. */
interface FeedPart {
  pages: ReadonlyMap<string, CellFeed>;
  /** The names of cells that are away. */
  unavailable: string[];
  /** The first so many of all of them; no more than were asked for. */
  merge(size: number): MergedFeed;
}

/** Reads what each cell has from a place on, up to a page of the query's size. Throws AppError 503 when none answers. */
export async function readFeed(
  installation: Installation,
  { request, ask, query, reach, start }: FeedQuestion & { start: FeedPlace },
): Promise<FeedPart | { refusal: CellAnswer }> {
  const { directory } = reach;
  const cells = reach.cells.filter(({ name }) => !(directory && isReadToEnd(name, start, directory)));
  const askedAt = Date.now();
  const answers = await ask(cells, ({ name }) => ({ method: 'GET', url: urlAt(query, start[name]) }));
  const refusal = findRefusal(installation, answers);
  if (refusal?.status === 401) await requireFinal(installation, request, { refusal, answers });
  if (refusal) return { refusal };
  const unavailable = [...answers].filter(([, answer]) => answer === null).map(([name]) => name);
  // What stands before it would be missing in the directory's order.
  if (unavailable.length === answers.size || (directory && unavailable.length > 0)) throw cellUnavailable();
  const pages = await readPages(answers);
  const isLong = Date.now() - askedAt > MOVE_MS;
  const before = isLong ? publicId('evt', newId(askedAt).slice(0, TIME_OF_ID)) : undefined;
  return {
    pages,
    unavailable,
    merge: (size) => mergeFeed(start, pages, { size, bySequence: directory !== undefined, before }),
  };
}

/** Null for what is refused. */
function readSize(text: string | null): number | null {
  if (text === null) return DEFAULT_EVENTS;
  const size = Number(text);
  return Number.isInteger(size) && size > 0 && size <= MAX_EVENTS ? size : null;
}

/** Null when nobody has the organization or the directory that a filter names. */
export async function findReach(installation: Installation, query: URLSearchParams): Promise<Reach | null> {
  const { control, placements } = installation;
  const [directory, organization] = [query.get('directory_id'), query.get('organization_id')];
  if (directory !== null) {
    const id = parseId('dir', directory);
    const placement = id === null ? null : await placements.directory(id);
    if (id === null || !placement) return null;
    const past = await control.look((store) => findPastPlacements(store, id));
    const cells = past.map(({ cell }) => cell);
    return { cells: cellsOf(installation, placement, cells), directory: { past, present: placement.cell } };
  }
  if (organization === null) return { cells: installation.cells };
  const placement = await findOrganization(installation, organization);
  if (!placement) return null;
  return { cells: cellsOf(installation, placement, await placements.pastCells(placement)) };
}

function cellsOf(installation: Installation, { cell }: Placement, past: readonly string[]): Cell[] {
  return [...new Set([...past, cell])].map((name) => cellOf(installation, name));
}

export interface FeedQuestion {
  request: FastifyRequest;
  ask: CellAsker;
  query: URLSearchParams;
  reach: Reach;
}

/** Where each cell is read from. Null for what is refused. */
async function findStart(installation: Installation, question: FeedQuestion): Promise<FeedPlace | null> {
  const { query, reach } = question;
  const [after, sequence] = [query.get('after') ?? '', query.get('after_sequence')];
  if (sequence !== null) {
    const number = Number(sequence);
    const isGood = /^\d+$/.test(sequence) && Number.isSafeInteger(number) && after === '';
    return isGood && reach.directory ? placeAfterSequence(number, reach.directory) : null;
  }
  const place = after === '' ? {} : readFeedPlace(installation.tokens.decode(after, SCOPE));
  if (place) return withEach(reach.cells, (name) => place[name] ?? { after: '' });
  if (parseId('evt', after) !== null) return findStartAtEvent(question, after);
  // A position from before there were several cells.
  const { control } = installation;
  if (!reach.cells.includes(control)) return null;
  return withEach(reach.cells, (name) => ({ after: name === control.name ? after : '' }));
}

export function withEach(cells: readonly Cell[], startOf: (name: string) => CellStart): FeedPlace {
  return Object.fromEntries(cells.map(({ name }) => [name, startOf(name)]));
}

interface FoundEvent {
  event: { directory_id: string; sequence: number; occurred_at: string };
}

/** Behind an event: its cell from there, the others from some time before it. Null when no cell has it. */
export async function findStartAtEvent({ ask, query, reach }: FeedQuestion, after: string): Promise<FeedPlace | null> {
  const answers = await ask(reach.cells, () => ({ url: `/api/v1/events/${after}` }));
  const found = [...answers].find(([, answer]) => answer?.status === 200);
  if (!found?.[1] && [...answers.values()].includes(null)) throw cellUnavailable();
  if (!found?.[1]) return null;
  const [cell, { text }] = found;
  const { event } = JSON.parse(text) as FoundEvent;
  if (reach.directory && query.get('directory_id') === event.directory_id) {
    return placeAfterSequence(event.sequence, reach.directory);
  }
  const others = reach.cells.filter(({ name }) => name !== cell);
  const before = await findStartAtTime(others, ask, new Date(Date.parse(event.occurred_at) - BEFORE_MS));
  return { ...before, [cell]: { after } };
}

/** Behind what cells had made by a time. Throws AppError 503 for one that is away: from its beginning it would be read for weeks. */
export async function findStartAtTime(cells: readonly Cell[], ask: CellAsker, time: Date): Promise<FeedPlace> {
  const url = `/api/v1/events:latest?page_size=1&to_time=${encodeURIComponent(time.toISOString())}`;
  const latest = await ask(cells, () => ({ url }));
  if ([...latest.values()].includes(null)) throw cellUnavailable();
  return withEach(cells, (name) => ({ after: firstEventOf(latest.get(name) ?? null) ?? '' }));
}

function firstEventOf(answer: CellAnswer | null): string | undefined {
  if (answer?.status !== 200) return undefined;
  return (JSON.parse(answer.text) as { events: { id: string }[] }).events[0]?.id;
}

function urlAt(query: URLSearchParams, start: CellStart | undefined): string {
  const asked = new URLSearchParams(query);
  for (const name of ['after', 'after_sequence']) asked.delete(name);
  if (start && 'sequence' in start) asked.set('after_sequence', String(start.sequence));
  else asked.delete('epoch');
  if (start && 'after' in start && start.after !== '') asked.set('after', start.after);
  return `/api/v1/events?${asked.toString()}`;
}

/**
 * What to answer instead of a page. A cell that does not know the client, or what a filter names, has no events for it while another has.
 */
function findRefusal(
  { control }: Installation,
  answers: ReadonlyMap<string, CellAnswer | null>,
): CellAnswer | undefined {
  const all = [...answers.values()].filter((answer) => answer !== null);
  const isAnswered = all.some(({ status }) => status === 200);
  const refused = all.filter(({ status }) => status !== 200 && !(isAnswered && UNKNOWN_THERE.has(status)));
  const ofControl = answers.get(control.name);
  return ofControl && refused.includes(ofControl) ? ofControl : refused[0];
}

const UNKNOWN_THERE: ReadonlySet<number> = new Set([401, 403, 404]);

async function readPages(answers: ReadonlyMap<string, CellAnswer | null>): Promise<Map<string, CellFeed>> {
  const pages = new Map<string, CellFeed>();
  for (const [name, answer] of answers) {
    if (answer?.status === 200) pages.set(name, await runInSlices(splitFeed(answer.text)));
  }
  return pages;
}
