import type { OutgoingHttpHeaders } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest, InjectOptions } from 'fastify';
import { ADDITION_HEADER, withAddition } from '../http/additions';
import type { Addition } from '../http/additions';
import { sendJsonText } from '../http/send-json-text';
import type { Cell } from './cell';
import { cellUnavailable } from './refusals';

/** What a cell has answered in a request's name. */
export interface CellAnswer {
  status: number;
  headers: OutgoingHttpHeaders;
  text: string;
}

/** What is asked; what is left out is as in the request. */
export interface Question {
  method?: string;
  /** Path and query as the routes have them. */
  url?: string;
  body?: unknown;
  addition?: Addition;
}

/** Longer than a statement of a request may take, with the wait for a connection. */
const ANSWER_MS = 15_000;

/** What belongs to one connection, or to the answer as it is put together. */
const NOT_ASKED = new Set([
  ADDITION_HEADER,
  'accept-encoding',
  'connection',
  'content-encoding',
  'content-length',
  'expect',
  'if-none-match',
  'keep-alive',
  'te',
  'transfer-encoding',
  'upgrade',
]);
const NOT_PASSED = new Set(['connection', 'content-length', 'content-type', 'date', 'keep-alive', 'transfer-encoding']);

/**
 * Asks a cell in the name of a request: with its credential, from its address, so that its limits and its entry in the audit log are as
 * if it had come there. Throws AppError 503 for a cell that is away.
 */
export async function askCell(cell: Cell, request: FastifyRequest, question: Question = {}): Promise<CellAnswer> {
  if (!cell.isReady) throw cellUnavailable();
  const late = sleep(ANSWER_MS, null, { ref: false });
  const asked = asOf(request, question);
  const { addition } = question;
  const answer = await Promise.race([addition ? injectWith(cell, asked, addition) : cell.joined().inject(asked), late]);
  if (!answer) throw cellUnavailable();
  return { status: answer.statusCode, headers: answer.headers, text: answer.payload };
}

function injectWith(cell: Cell, asked: InjectOptions, addition: Addition) {
  return withAddition(addition, async (name) =>
    cell.joined().inject({ ...asked, headers: { ...asked.headers, [ADDITION_HEADER]: name } }),
  );
}

/** The same of an answer that may be long: its body is read as it comes. */
export async function streamFromCell(
  cell: Cell,
  request: FastifyRequest,
): Promise<{ status: number; headers: OutgoingHttpHeaders; body: Readable }> {
  if (!cell.isReady) throw cellUnavailable();
  const answer = await cell.joined().inject({ ...asOf(request, {}), payloadAsStream: true });
  return { status: answer.statusCode, headers: answer.headers, body: answer.stream() };
}

function asOf(
  request: FastifyRequest,
  { method = request.method, url = request.url, body = request.body }: Question,
): InjectOptions {
  const isRead = method === 'GET' || method === 'HEAD';
  return {
    method: isRead ? 'GET' : method,
    url,
    headers: Object.fromEntries(Object.entries(request.headers).filter(([name]) => !NOT_ASKED.has(name))),
    remoteAddress: request.raw.socket.remoteAddress ?? '127.0.0.1',
    ...(!isRead &&
      body !== undefined &&
      body !== null && { payload: body instanceof URLSearchParams ? body.toString() : JSON.stringify(body) }),
  };
}

/** The answers of cells to one question, by the name of the cell; null for one that is away. */
export async function askCells(
  cells: readonly Cell[],
  request: FastifyRequest,
  questionOf: (cell: Cell) => Question = () => ({}),
): Promise<Map<string, CellAnswer | null>> {
  const ask = async (cell: Cell) => [cell.name, await askIfThere(cell, request, questionOf(cell))] as const;
  return new Map(await Promise.all(cells.map(ask)));
}

/** The same of one cell: null when it is away. */
export async function askIfThere(
  cell: Cell,
  request: FastifyRequest,
  question: Question = {},
): Promise<CellAnswer | null> {
  if (!cell.isReady) return null;
  const answer = await askCell(cell, request, question).catch(() => null);
  return answer?.status === 503 ? null : answer;
}

/** Sends what a cell has answered. */
export function passAnswer(reply: FastifyReply, { status, headers, text }: CellAnswer): void {
  passHeaders(reply, headers);
  const mediaType = headers['content-type'];
  reply.code(status);
  if (mediaType === undefined) void reply.send(text === '' ? undefined : text);
  else sendJsonText(reply, String(mediaType), text);
}

/** Gives an answer the headers of a cell's, without what belongs to the bytes of its body. */
export function passHeaders(reply: FastifyReply, headers: OutgoingHttpHeaders): void {
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && !NOT_PASSED.has(name)) reply.header(name, value);
  }
}
