import { connect } from 'node:net';
import type { Socket } from 'node:net';

/** An answer; its body is kept as it came. */
export interface RawAnswer {
  status: number;
  body: Buffer;
}

/** One keep-alive connection; one request at a time. */
export interface Connection {
  send(request: string): Promise<RawAnswer>;
  close(): void;
}

/**
 * Opens an HTTP/1.1 connection that does only what a load generator needs (RFC 9112: Content-Length and chunked bodies), because
 * on a machine shared with the server every cycle of a complete client would be missing there.
 */
export async function openConnection(host: string, port: number): Promise<Connection> {
  const socket = connect({ host, port, noDelay: true });
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  let waiting: { resolve: (answer: RawAnswer) => void; reject: (error: Error) => void } | undefined;
  let received: Buffer = Buffer.alloc(0);
  const fail = (error: Error): void => {
    waiting?.reject(error);
    waiting = undefined;
  };
  socket.on('error', fail);
  socket.on('close', () => fail(new Error('The server closed the connection before it answered.')));
  socket.on('data', (chunk: Buffer) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    const answer = readAnswer(received);
    if (!answer) return;
    received = Buffer.alloc(0);
    const settle = waiting;
    waiting = undefined;
    settle?.resolve(answer);
  });
  return {
    send: (request) => sendOver(socket, request, (settle) => (waiting = settle)),
    close: () => socket.destroy(),
  };
}

function sendOver(
  socket: Socket,
  request: string,
  expect: (settle: { resolve: (answer: RawAnswer) => void; reject: (error: Error) => void }) => void,
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    if (socket.destroyed) return reject(new Error('The server closed the connection.'));
    expect({ resolve, reject });
    socket.write(request);
  });
}

const HEAD_END = Buffer.from('\r\n\r\n');
const STATUS_START = 'HTTP/1.1 '.length;

/** The answer in these bytes, or undefined while it is not complete. */
function readAnswer(bytes: Buffer): RawAnswer | undefined {
  const headEnd = bytes.indexOf(HEAD_END);
  if (headEnd === -1) return undefined;
  const head = bytes.toString('latin1', 0, headEnd);
  const status = Number(head.slice(STATUS_START, STATUS_START + 3));
  const start = headEnd + HEAD_END.length;
  if (status === 204 || status === 304) return { status, body: bytes.subarray(start) };
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length === undefined) return readChunked(status, bytes, start);
  const end = start + Number(length);
  return bytes.length < end ? undefined : { status, body: bytes.subarray(start, end) };
}

function readChunked(status: number, bytes: Buffer, start: number): RawAnswer | undefined {
  const chunks: Buffer[] = [];
  for (let at = start; ;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd === -1) return undefined;
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16);
    const end = lineEnd + 2 + size + 2;
    if (bytes.length < end) return undefined;
    if (size === 0) return { status, body: Buffer.concat(chunks) };
    chunks.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = end;
  }
}
