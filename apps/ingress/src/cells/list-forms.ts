import { clone, toJsonString } from '@bufbuild/protobuf';
import type { Message } from '@bufbuild/protobuf';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Facade, SharedList } from '@rollcall/cells';
import { sendJsonText } from '../http/send-json-text';
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from '../management/paging/page-query';
import { bodyOfAnswer, isCall } from '../scalekit/answer-call';
import { calledMethod, frameAnswer, messageOfAnswer } from '../scalekit/read-calls';
import { pageFields } from '../scalekit/read-input';
import type { CellAnswer, Question } from './ask-cell';

/** A page of a list, as our API answers it. */
export interface ListBody {
  [items: string]: unknown;
  total_size?: number;
  next_page_token?: string;
  prev_page_token?: string;
  unavailable_cells?: string[];
}

/** In which form a list is asked for and answered. */
export interface ListForm {
  /** Of the page that is asked for; '' for the first. */
  token: string;
  /** Items of a page. */
  size: number;
  /** Tells the list, with its filters, from others. */
  scope: string;
  /** Asks a cell for the page at a token, '' for the first. @param count items of it, when other than asked for */
  questionAt(token: string, count?: number): Question;
  read(answer: CellAnswer): ListBody;
  send(reply: FastifyReply, body: ListBody): void;
  /** Whose ids are shown of what came from there; undefined: ours. */
  idsOf?: Facade;
  /** Whether an answer can say that it lacks what a cell has. */
  tellsAway: boolean;
}

/** The form of our API, or that of a call. */
export function formOf(request: FastifyRequest, list: SharedList): ListForm {
  return isCall(request) ? callForm(request, list) : apiForm(request, list);
}

function apiForm(request: FastifyRequest, { most }: SharedList): ListForm {
  const { pathname, searchParams } = new URL(request.url, 'http://cells');
  const token = searchParams.get('page_token') ?? '';
  searchParams.delete('page_token');
  const filters = new URLSearchParams(searchParams);
  filters.delete('page_size');
  filters.sort();
  const filter = request.method === 'POST' ? ` ${JSON.stringify(request.body)}` : '';
  return {
    token,
    size: most ?? sizeOfPage(Number(searchParams.get('page_size') ?? DEFAULT_PAGE_SIZE)),
    scope: `cells ${pathname}?${filters.toString()}${filter}`,
    questionAt: (at, count) => {
      const query = new URLSearchParams(searchParams);
      if (at !== '') query.set('page_token', at);
      if (count !== undefined) query.set('page_size', String(count));
      return { url: `${pathname}${query.size > 0 ? `?${query.toString()}` : ''}` };
    },
    read: ({ text }) => JSON.parse(text) as ListBody,
    send: (reply, body) => sendJsonText(reply, 'application/json; charset=utf-8', JSON.stringify(body)),
    tellsAway: true,
  };
}

/** The size of a page that is none is refused by the cells. */
function sizeOfPage(size: number): number {
  return Number.isInteger(size) && size > 0 && size <= MAX_PAGE_SIZE ? size : DEFAULT_PAGE_SIZE;
}

type PageMessage = Message & { pageSize: number; pageToken: string };

function callForm(request: FastifyRequest, { items: member }: SharedList): ListForm {
  const { input } = calledMethod(request);
  const message = request.body as PageMessage;
  const withPage = (page: { pageSize: number; pageToken: string }) => Object.assign(clone(input, message), page);
  return {
    token: message.pageToken,
    size: sizeOfPage(pageFields(message).page_size),
    scope: `cells ${request.url} ${toJsonString(input, withPage({ pageSize: 0, pageToken: '' }))}`,
    questionAt: (pageToken, count) => ({ message: withPage({ pageToken, pageSize: count ?? message.pageSize }) }),
    read: ({ framed = Buffer.alloc(0) }) => {
      const page = messageOfAnswer(request, framed) as unknown as PageAnswer;
      const { totalSize, nextPageToken, prevPageToken } = page;
      return {
        [member]: page[member],
        ...(totalSize !== undefined && { total_size: totalSize }),
        next_page_token: nextPageToken,
        prev_page_token: prevPageToken,
      };
    },
    send: (reply, { total_size: totalSize, next_page_token, prev_page_token, ...body }) => {
      const page = {
        [member]: body[member],
        ...(totalSize !== undefined && { totalSize }),
        nextPageToken: next_page_token,
        prevPageToken: prev_page_token,
      };
      void reply.send(bodyOfAnswer(reply, frameAnswer(request, page)));
    },
    idsOf: 'scalekit',
    tellsAway: false,
  };
}

interface PageAnswer {
  [items: string]: unknown;
  totalSize?: number;
  nextPageToken: string;
  prevPageToken: string;
}
