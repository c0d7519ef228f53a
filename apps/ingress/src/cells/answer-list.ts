import { beginList, LAST_PAGE, mergePages, placesAround } from '@rollcall/cells';
import type { CellPage, ListPlace, SharedList } from '@rollcall/cells';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '@rollcall/platform';
import { passAnswer } from './ask-cell';
import type { CellAnswer, Question } from './ask-cell';
import { askForClient } from './ask-for-client';
import type { CellAsker } from './ask-for-client';
import type { Cell } from './cell';
import { requireFinal } from './claimed-client';
import { exportLines, isExport } from './export-lines';
import { findOwnIdsIn } from './find-named';
import { compareIds } from './compare-ids';
import type { Answerer, Installation } from './installation';
import { formOf } from './list-forms';
import type { ListBody, ListForm } from './list-forms';
import { cellUnavailable } from './refusals';

/** What a cell has listed. */
interface Item {
  /** Ours, by which the list is in order. */
  id: string;
  shown: { id: string };
}

/**
 * Answers a list of the whole environment, of which each cell has a part, as a list of one database: in the order of the ids of its items,
 * with the tokens of pages forwards and back. What a cell has that is away is not in it, and `unavailable_cells` says so; where nothing can say
 * so, AppError 503 is thrown.
 */
export function answerList(installation: Installation, list: SharedList): Answerer {
  return async (request, reply) => {
    if (list.exports && isExport(request)) return exportLines(installation, request, reply);
    const form = formOf(request, list);
    const place = readPlace(installation, form);
    const ask = askForClient(installation, request);
    const answers = await ask(installation.cells, ({ name }) => questionAt(form, place.at[name] ?? null));
    const refusal = await findRefusal(installation, request, answers);
    if (refusal) return passAnswer(reply, refusal);
    if (!form.tellsAway && [...answers.values()].includes(null)) throw cellUnavailable();
    await sendPage(installation, { request, ask, reply, list, form, place, answers });
  };
}

/** Of a cell that has nothing more that way only the total is asked for. */
function questionAt(form: ListForm, at: string | null): Question {
  return at === null ? form.questionAt('', 1) : form.questionAt(at);
}

function readPlace({ cells, tokens }: Installation, { token, scope }: ListForm): ListPlace {
  const names = cells.map(({ name }) => name);
  if (token === '') return beginList(names);
  if (token === LAST_PAGE) {
    return { direction: 'prev', at: Object.fromEntries(names.map((name) => [name, LAST_PAGE])) };
  }
  const place = tokens.decode(token, scope) as ListPlace | null;
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
 * lives, and a filter may name what only one cell has. Throws AppError 503 where a cell that is away might say something else.
 */
export async function findRefusal(
  installation: Installation,
  request: FastifyRequest,
  answers: ReadonlyMap<string, CellAnswer | null>,
): Promise<CellAnswer | undefined> {
  const all = [...answers.values()].filter((answer) => answer !== null);
  const ofControl = answers.get(installation.control.name);
  if (ofControl && ofControl.status !== 200 && !KNOWN_ELSEWHERE.has(ofControl.status)) return ofControl;
  if (all.some(({ status }) => status === 200)) return undefined;
  // Who does not know who asks does not know what there is.
  const refusal = all.find(({ status }) => status !== 401) ?? ofControl ?? all[0];
  if (!refusal) throw cellUnavailable();
  if (KNOWN_ELSEWHERE.has(refusal.status)) await requireFinal(installation, request, { refusal, answers });
  return refusal;
}

const KNOWN_ELSEWHERE: ReadonlySet<number> = new Set([401, 404]);

interface ListAnswer {
  request: FastifyRequest;
  ask: CellAsker;
  reply: FastifyReply;
  list: SharedList;
  form: ListForm;
  place: ListPlace;
  answers: ReadonlyMap<string, CellAnswer | null>;
}

async function sendPage(
  installation: Installation,
  { request, ask, reply, list, form, place, answers }: ListAnswer,
): Promise<void> {
  const { items: member, newestFirst, forwards = false } = list;
  const pages = new Map<string, CellPage<Item>>();
  const bodies: ListBody[] = [];
  const unavailable: string[] = [];
  const keep = async (cell: Cell, body: ListBody) => {
    const shown = body[member] as Item['shown'][];
    const ids = shown.map(({ id }) => id);
    const { authorization } = request.headers;
    const own = form.idsOf && (await findOwnIdsIn(cell, installation, { ids, of: form.idsOf, authorization }));
    const items = shown.map((one) => ({ id: own?.get(one.id) ?? one.id, shown: one }));
    const { next_page_token: next = '', prev_page_token: prev = '' } = body;
    pages.set(cell.name, { items, next, prev });
  };
  for (const cell of installation.cells) {
    const answer = answers.get(cell.name);
    if (!answer) unavailable.push(cell.name);
    if (answer?.status !== 200) continue;
    const body = form.read(answer);
    bodies.push(body);
    if (place.at[cell.name] === null) pages.set(cell.name, { items: [], next: '', prev: '' });
    else await keep(cell, body);
  }
  const { items, taken } = mergePages(place.direction, pages, {
    compare: compareIds(newestFirst),
    size: form.size,
  });
  for (const { cell, count, again } of taken) {
    const partly = installation.cells.find(({ name }) => again && name === cell);
    if (!partly) continue;
    const answer = (await ask([partly], () => form.questionAt(place.at[cell] ?? '', count))).get(cell);
    if (answer?.status !== 200) throw cellUnavailable();
    await keep(partly, form.read(answer));
  }
  const { next, prev } = placesAround(place, pages, taken);
  const encode = (at: ListPlace | null) => (at === null ? '' : installation.tokens.encode(at, form.scope));
  const [first = {}] = bodies;
  form.send(reply, {
    ...first,
    [member]: items.map(({ shown }) => shown),
    ...('total_size' in first && { total_size: bodies.reduce((sum, one) => sum + (one.total_size ?? 0), 0) }),
    ...('next_page_token' in first && { next_page_token: encode(next) }),
    ...('prev_page_token' in first && { prev_page_token: forwards ? '' : encode(prev) }),
    ...(unavailable.length > 0 && { unavailable_cells: unavailable }),
  });
}
