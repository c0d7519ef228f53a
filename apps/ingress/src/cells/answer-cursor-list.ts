import { mergePages } from '@rollcall/cells';
import type { CellPage } from '@rollcall/cells';
import type { FastifyRequest } from 'fastify';
import { isForeignId } from '../foreign-ids/take-foreign-ids';
import { sendJsonText } from '../http/send-json-text';
import { DEFAULT_LIMIT } from '../workos/list-query';
import type { WorkosList } from '../workos/list-query';
import { findRefusal } from './answer-list';
import { askCells, passAnswer } from './ask-cell';
import type { CellAnswer } from './ask-cell';
import { compareIds } from './compare-ids';
import { findOwnId, findOwnIdsIn } from './find-named';
import type { Answerer, Installation } from './installation';
import { cellUnavailable } from './refusals';

interface Item {
  /** Ours, by which the list is in order. */
  id: string;
  shown: { id: string };
}

/**
 * Answers a list of the whole environment as WorkOS' API has it: a cursor is the id of an item, by which each cell knows where its part goes
 * on. Its answer cannot say that something is missing. Throws AppError 503 when a cell is away.
 */
export function answerCursorList(installation: Installation): Answerer {
  return async (request, reply) => {
    const { pathname, searchParams: query } = new URL(request.url, 'http://cells');
    await takeForeignCursors(installation, request, query);
    const url = query.size > 0 ? `${pathname}?${query.toString()}` : pathname;
    const answers = await askCells(installation.cells, request, () => ({ url }));
    const refusal = await findRefusal(installation, request, answers);
    if (refusal) return passAnswer(reply, refusal);
    if ([...answers.values()].includes(null)) throw cellUnavailable();
    const pages = await readPages(installation, request, answers);
    const list = mergeLists(pages, query);
    sendJsonText(reply, 'application/json; charset=utf-8', JSON.stringify(list));
  };
}

/** A cell knows the cursors of its own items alone by the ids of before. */
async function takeForeignCursors(
  installation: Installation,
  { headers: { authorization } }: FastifyRequest,
  query: URLSearchParams,
): Promise<void> {
  for (const name of ['before', 'after']) {
    const cursor = query.get(name);
    if (cursor === null || !isForeignId(cursor)) continue;
    query.set(name, (await findOwnId(installation, cursor, { of: 'workos', authorization })) ?? cursor);
  }
}

async function readPages(
  installation: Installation,
  { headers: { authorization } }: FastifyRequest,
  answers: ReadonlyMap<string, CellAnswer | null>,
): Promise<Map<string, CellPage<Item>>> {
  const pages = new Map<string, CellPage<Item>>();
  for (const cell of installation.cells) {
    const answer = answers.get(cell.name);
    if (answer?.status !== 200) continue;
    const { data, list_metadata: around } = JSON.parse(answer.text) as WorkosList<{ id: string }>;
    const own = await findOwnIdsIn(cell, installation, { ids: data.map(({ id }) => id), of: 'workos', authorization });
    const items = data.map((shown) => ({ id: own.get(shown.id) ?? shown.id, shown }));
    pages.set(cell.name, { items, next: around.after ?? '', prev: around.before ?? '' });
  }
  return pages;
}

function mergeLists(pages: ReadonlyMap<string, CellPage<Item>>, query: URLSearchParams): WorkosList<Item['shown']> {
  const isBack = query.has('before');
  const size = Number(query.get('limit') ?? DEFAULT_LIMIT);
  const compare = compareIds(query.get('order') !== 'asc');
  const { items, taken } = mergePages(isBack ? 'prev' : 'next', pages, { compare, size });
  const data = items.map(({ shown }) => shown);
  const hasMore = taken.some(({ cell, again, count }) => {
    const page = pages.get(cell);
    return again || (page && (count < page.items.length || (isBack ? page.prev : page.next) !== ''));
  });
  // Where the reader comes from there is something: the item that the cursor is of.
  const [before, after] = isBack ? [hasMore, true] : [query.has('after'), hasMore];
  return {
    object: 'list',
    data,
    list_metadata: {
      before: (before && data[0]?.id) || null,
      after: (after && data.at(-1)?.id) || null,
    },
  };
}
