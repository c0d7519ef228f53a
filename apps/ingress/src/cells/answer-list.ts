import { beginList, LAST_PAGE, mergePages, placesAround } from '@rollcall/cells';
import type { CellPage, ListPlace, SharedList } from '@rollcall/cells';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '@rollcall/platform';
import { sendJsonText } from '../http/send-json-text';
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from '../management/paging/page-query';
import { passAnswer } from './ask-cell';
import type { CellAnswer } from './ask-cell';
import { askForClient } from './ask-for-client';
import type { CellAsker } from './ask-for-client';
import type { Cell } from './cell';
import { requireFinal } from './claimed-client';
import { exportLines, isExport } from './export-lines';
import type { Answerer, Installation } from './installation';
import { cellUnavailable } from './refusals';

interface ListBody {
  [items: string]: unknown;
  total_size?: number;
  next_page_token?: string;
  prev_page_token?: string;
}

type Item = { id: string };

/**
 * Answers a list of the whole environment, of which each cell has a part, as a list of one database: in the order of the ids of its items,
 * with the tokens of pages forwards and back. What a cell has that is away is not in it, and `unavailable_cells` says so.
 */
export function answerList(installation: Installation, list: SharedList): Answerer {
  return async (request, reply) => {
    if (list.exports && isExport(request)) return exportLines(installation, request, reply);
    const asked = readQuery(installation, request, list);
    const ask = askForClient(installation, request);
    const answers = await ask(installation.cells, (cell) => ({ url: asked.urlAt(cell) }));
    const refusal = findRefusal(installation, answers);
    if (refusal) {
      if (KNOWN_ELSEWHERE.has(refusal.status)) await requireFinal(installation, request, { refusal, answers });
      return passAnswer(reply, refusal);
    }
    await sendPage(installation, { ask, reply, list, asked, answers });
  };
}

interface AskedPage {
  place: ListPlace;
  size: number;
  scope: string;
  /** The page of a cell's part; `size` other than asked for: of so many items. */
  urlAt(cell: Cell, size?: number): string;
}

function readQuery({ cells, tokens }: Installation, request: FastifyRequest, { most }: SharedList): AskedPage {
  const { pathname, searchParams } = new URL(request.url, 'http://cells');
  const token = searchParams.get('page_token') ?? '';
  const size = most ?? readSize(searchParams.get('page_size'));
  searchParams.delete('page_token');
  const names = cells.map(({ name }) => name);
  const filters = new URLSearchParams(searchParams);
  filters.delete('page_size');
  filters.sort();
  const scope = `cells ${pathname}?${filters.toString()}`;
  const place = token === '' ? beginList(names) : readPlace(token, names, (text) => tokens.decode(text, scope));
  return {
    place,
    size,
    scope,
    urlAt: ({ name }, count) => {
      const at = place.at[name] ?? null;
      const query = new URLSearchParams(searchParams);
      // Of a cell that has nothing more that way only the total is asked for.
      if (at === null) query.set('page_size', '1');
      else if (at !== '') query.set('page_token', at);
      if (count !== undefined) query.set('page_size', String(count));
      return `${pathname}${query.size > 0 ? `?${query.toString()}` : ''}`;
    },
  };
}

/** The size of a page that is none is refused by the cells. */
function readSize(text: string | null): number {
  const size = text === null ? DEFAULT_PAGE_SIZE : Number(text);
  return Number.isInteger(size) && size > 0 && size <= MAX_PAGE_SIZE ? size : DEFAULT_PAGE_SIZE;
}

function readPlace(token: string, names: readonly string[], decode: (token: string) => unknown): ListPlace {
  if (token === LAST_PAGE) {
    return { direction: 'prev', at: Object.fromEntries(names.map((name) => [name, LAST_PAGE])) };
  }
  const place = decode(token) as ListPlace | null;
  if (!place) {
    throw new AppError({
      kind: 'invalid',
      code: 'invalid_page_token',
      message: '"page_token" must be a token that this list answered, asked for with the same filters.',
    });
  }
  // A cell that has come since is read from the end that the reader comes from.
  const begin = place.direction === 'next' ? '' : LAST_PAGE;
  return {
    ...place,
    at: Object.fromEntries(names.map((name) => [name, name in place.at ? (place.at[name] ?? null) : begin])),
  };
}

/**
 * What to answer instead of a page: what the control cell refuses, or what all say. Who is limited to an organization is known where that
 * lives, and a filter may name what only one cell has.
 */
function findRefusal(
  { control }: Installation,
  answers: ReadonlyMap<string, CellAnswer | null>,
): CellAnswer | undefined {
  const all = [...answers.values()].filter((answer) => answer !== null);
  const ofControl = answers.get(control.name);
  if (ofControl && ofControl.status !== 200 && !KNOWN_ELSEWHERE.has(ofControl.status)) return ofControl;
  if (all.some(({ status }) => status === 200)) return undefined;
  if (!all[0]) throw cellUnavailable();
  // Who does not know who asks does not know what there is.
  return all.find(({ status }) => status !== 401) ?? ofControl ?? all[0];
}

const KNOWN_ELSEWHERE: ReadonlySet<number> = new Set([401, 404]);

interface ListAnswer {
  ask: CellAsker;
  reply: FastifyReply;
  list: SharedList;
  asked: AskedPage;
  answers: ReadonlyMap<string, CellAnswer | null>;
}

async function sendPage(
  installation: Installation,
  { ask, reply, list: { items: member, newestFirst }, asked, answers }: ListAnswer,
): Promise<void> {
  const { place, size, scope } = asked;
  const pages = new Map<string, CellPage<Item>>();
  const bodies: ListBody[] = [];
  const unavailable: string[] = [];
  for (const [name, answer] of answers) {
    if (!answer) unavailable.push(name);
    if (answer?.status !== 200) continue;
    const body = JSON.parse(answer.text) as ListBody;
    bodies.push(body);
    pages.set(name, pageOf(body, { member, isOver: place.at[name] === null }));
  }
  const { items, taken } = mergePages(place.direction, pages, { compare: compareIds(newestFirst), size });
  for (const { cell, count, again } of taken) {
    const partly = installation.cells.find(({ name }) => again && name === cell);
    if (!partly) continue;
    const answer = (await ask([partly], () => ({ url: asked.urlAt(partly, count) }))).get(cell);
    if (answer?.status !== 200) throw cellUnavailable();
    pages.set(cell, pageOf(JSON.parse(answer.text) as ListBody, { member, isOver: false }));
  }
  const { next, prev } = placesAround(place, pages, taken);
  const encode = (at: ListPlace | null) => (at === null ? '' : installation.tokens.encode(at, scope));
  const [first = {}] = bodies;
  const body: ListBody & { unavailable_cells?: string[] } = {
    ...first,
    [member]: items,
    ...('total_size' in first && { total_size: bodies.reduce((sum, one) => sum + (one.total_size ?? 0), 0) }),
    ...('next_page_token' in first && { next_page_token: encode(next) }),
    ...('prev_page_token' in first && { prev_page_token: encode(prev) }),
    ...(unavailable.length > 0 && { unavailable_cells: unavailable }),
  };
  sendJsonText(reply, 'application/json; charset=utf-8', JSON.stringify(body));
}

function pageOf(body: ListBody, { member, isOver }: { member: string; isOver: boolean }): CellPage<Item> {
  if (isOver) return { items: [], next: '', prev: '' };
  const { next_page_token: next = '', prev_page_token: prev = '' } = body;
  return { items: body[member] as Item[], next, prev };
}

/** Ids begin with the time. */
function compareIds(newestFirst: boolean): (one: Item, other: Item) => number {
  return ({ id: one }, { id: other }) => {
    const order = one < other ? -1 : Number(one > other);
    return newestFirst ? -order : order;
  };
}
