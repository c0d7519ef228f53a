import type { OutgoingHttpHeaders } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Readable } from 'node:stream';
import type { Message } from '@bufbuild/protobuf';
import type { FastifyReply, FastifyRequest, InjectOptions } from 'fastify';
import inject from 'light-my-request';
import { ADDITION_HEADER, withAddition } from '../http/additions';
import type { Addition } from '../http/additions';
import { sendJsonText } from '../http/send-json-text';
import '../http/told-status';
import { bodyOfAnswer, bodyOfRefusal, isCall, statusOfCode } from '../scalekit/answer-call';
import { frameMessage } from '../scalekit/read-calls';
import type { Cell } from './cell';
import { cellUnavailable } from './refusals';

/** What a cell has answered in a request's name. */
export interface CellAnswer {
  status: number;
  headers: OutgoingHttpHeaders;
  text: string;
  /** Of a call: the message with its length before it. Its status is that which the REST API would have given. */
  framed?: Buffer;
}

/** What is asked; what is left out is as in the request. */
export interface Question {
  method?: string;
  /** Path and query as the routes have them. With one a call asks what is no call. */
  url?: string;
  body?: unknown;
  /** Of a call. */
  message?: Message;
  addition?: Addition;
}

/** Longer than a statement of a request may take, with the wait for a connection. */
const ANSWER_MS = 15_000;

/** What belongs to one connection, or to the answer as it is put together. */
const NOT_ASKED = new Set([
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
  const { addition } = question;
  const asked = addition
    ? withAddition(addition, (name) => askWith(cell, request, question, { [ADDITION_HEADER]: name }))
    : askWith(cell, request, question);
  const answer = await Promise.race([asked, late]);
  if (!answer) throw cellUnavailable();
  return answer;
}

/** Asks with more headers. */
async function askWith(
  cell: Cell,
  request: FastifyRequest,
  question: Question,
  headers: Record<string, string> = {},
): Promise<CellAnswer> {
  if (isCall(request) && question.url === undefined) return callCell(cell, request, question, headers);
  const answer = await cell.joined().inject(asOf(request, question, headers));
  return { status: answer.statusCode, headers: answer.headers, text: answer.payload };
}

/** The same by gRPC, which comes by HTTP/2. */
async function callCell(
  cell: Cell,
  request: FastifyRequest,
  { message }: Question,
  headers: Record<string, string>,
): Promise<CellAnswer> {
  const payload = Buffer.from(frameMessage(request, message ?? (request.body as Message)));
  const call = { ...asOf(request, { method: 'POST', body: null }, headers), payload };
  const answer = await inject((raw, response) => {
    Object.assign(raw, { httpVersion: '2.0', httpVersionMajor: 2, httpVersionMinor: 0 });
    cell.serve(raw, response);
  }, call);
  const { trailers, rawPayload: framed } = answer;
  const status = statusOfCode(Number(trailers['grpc-status'] ?? answer.headers['grpc-status'] ?? 0));
  return { status, headers: answer.headers, text: '', framed };
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
  more: Record<string, string> = {},
): InjectOptions {
  const isRead = method === 'GET' || method === 'HEAD';
  return {
    method: isRead ? 'GET' : method,
    url,
    headers: {
      ...Object.fromEntries(
        Object.entries(request.headers).filter(([name]) => !NOT_ASKED.has(name) && !name.startsWith(':')),
      ),
      ...more,
    },
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

/**
 * What a cell answers, or, to whom it does not know, a cell that does: a client of one organization is known where that lives, and there
 * whatever is another's is refused to it, or not there.
 */
export async function askKnowing(
  { cells }: { cells: readonly Cell[] },
  cell: Cell,
  request: FastifyRequest,
  answered?: CellAnswer,
): Promise<CellAnswer> {
  const answer = answered ?? (await askCell(cell, request));
  if (answer.status !== 401) return answer;
  for (const other of cells) {
    const said = other === cell ? null : await askIfThere(other, request);
    if (said && said.status !== 401) return said;
  }
  return answer;
}

/** Sends what a cell has answered. */
export function passAnswer(reply: FastifyReply, { status, headers, text, framed }: CellAnswer): void {
  passHeaders(reply, headers);
  if (framed) {
    reply.request.toldStatus = status;
    return void reply.send(status === 200 ? bodyOfAnswer(reply, framed) : bodyOfRefusal(reply));
  }
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
