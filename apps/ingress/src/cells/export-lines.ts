import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { passHeaders, streamFromCell } from './ask-cell';
import type { Installation } from './installation';

const NDJSON = 'application/x-ndjson';

/** Whether a list is asked for as one stream of lines. */
export function isExport({ headers }: FastifyRequest): boolean {
  return headers.accept?.toLowerCase().includes(NDJSON) ?? false;
}

/**
 * Streams the lines of every cell as one stream, newest first. What the first that refuses answers is answered; so it is whole, or there
 * is none. Throws AppError 503 for a cell that is away.
 */
export async function exportLines(
  { cells }: Installation,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const answers = await Promise.allSettled(cells.map((cell) => streamFromCell(cell, request)));
  const streams = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
  const end = () => streams.forEach(({ body }) => body.destroy());
  // What nobody reads would keep its place among the exports of its cell.
  const failure = answers.find((answer) => answer.status === 'rejected');
  if (failure || reply.raw.destroyed) end();
  if (failure) throw failure.reason;
  reply.raw.once('close', end);
  const refused = streams.find(({ status }) => status !== 200);
  const first = refused ?? streams[0];
  if (!first) return;
  passHeaders(reply, first.headers);
  void reply.code(first.status).header('content-type', String(first.headers['content-type']));
  void reply.send(refused ? refused.body : Readable.from(mergeLines(streams.map(({ body }) => body))));
}

/** The lines of streams, each newest first, by the ids in them. A stream that breaks off ends them all with its error. */
async function* mergeLines(streams: readonly Readable[]): AsyncGenerator<string> {
  const readers = streams.map((stream) => readLines(stream));
  const heads = await Promise.all(readers.map(nextLine));
  for (;;) {
    let newest = -1;
    for (const [index, head] of heads.entries()) {
      if (head && head.id > (heads[newest]?.id ?? '')) newest = index;
    }
    const [head, reader] = [heads[newest], readers[newest]];
    if (!head || !reader) return;
    yield `${head.line}\n`;
    heads[newest] = await nextLine(reader);
  }
}

async function* readLines(stream: Readable): AsyncGenerator<string> {
  for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) if (line !== '') yield line;
  if (stream.errored) throw stream.errored;
}

async function nextLine(reader: AsyncGenerator<string>): Promise<{ line: string; id: string } | null> {
  const { value, done } = await reader.next();
  return done ? null : { line: value, id: (JSON.parse(value) as { id: string }).id };
}
