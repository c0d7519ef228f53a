import { constants, createServer } from 'node:http2';
import type { Http2Server, ServerHttp2Stream, IncomingHttpHeaders } from 'node:http2';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { Surface } from './error-surfaces';
import type { Problem } from './to-problem';

/** What Node.js' parser says of the beginning of an HTTP/2 connection (RFC 9113 §3.4). */
export const HTTP2_PREFACE = 'HPE_PAUSED_H2_UPGRADE';
const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';

/** gRPC's "there is no such method", which its clients take as the answer to the one call. */
const UNIMPLEMENTED = '12';
const MESSAGE = 'This server speaks HTTP/1.1 and no gRPC. Use its REST API: see /api/docs.';
const PROBLEM: Problem = { status: 505, code: 'malformed_request', message: MESSAGE };

/** A client that means it has asked by then; it connects anew for the next call. */
const SESSION_MS = 5_000;
const IDLE_MS = 2_000;

/**
 * Answers whoever begins with HTTP/2 in its own terms: each request is refused, and the connection stays in order. A client that is
 * answered in HTTP/1.1 takes the bytes for a broken connection, and with some libraries its process ends. No body is read.
 */
export class Http2Refuser {
  private readonly server: Http2Server;

  /** @param surfaceOf the surface of a URL, in whose form requests that are no gRPC are refused */
  constructor(private readonly surfaceOf: (url: string) => Surface) {
    this.server = createServer({
      settings: { maxConcurrentStreams: 32, enablePush: false, maxHeaderListSize: 16_384 },
      maxSessionMemory: 1,
    });
    this.server.on('session', (session) => {
      const ending = setTimeout(() => session.close(), SESSION_MS);
      session.setTimeout(IDLE_MS, () => session.destroy());
      session.once('close', () => clearTimeout(ending));
      // What the other side does wrong ends its connection, and is nobody else's.
      session.on('error', () => session.destroy());
    });
    this.server.on('stream', (stream, headers) => this.refuse(stream, headers));
  }

  /** Takes a connection over from the HTTP/1.1 server, with what had come on it. Returns false when that is not the whole beginning. */
  take(socket: Socket, received: Buffer | undefined): boolean {
    if (!received?.subarray(0, PREFACE.length).equals(Buffer.from(PREFACE))) return false;
    // The HTTP/1.1 parser reads no more of it, and none of its timers runs on.
    for (const event of ['data', 'end', 'timeout', 'drain']) socket.removeAllListeners(event);
    socket.setTimeout(0);
    this.server.emit('connection', streamOf(socket, Buffer.from(received)));
    return true;
  }

  private refuse(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    stream.on('error', () => undefined);
    if (headers['content-type']?.startsWith('application/grpc')) {
      stream.respond(
        { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': UNIMPLEMENTED, 'grpc-message': MESSAGE },
        { endStream: true },
      );
    } else {
      const surface = this.surfaceOf(headers[':path'] ?? '/');
      stream.respond({ ':status': PROBLEM.status, 'content-type': surface.mediaType });
      stream.end(JSON.stringify(surface.render(PROBLEM)));
    }
    stream.once('finish', () => stream.close(constants.NGHTTP2_NO_ERROR));
  }
}

/** A connection from its beginning: what was read from a socket cannot be given back to it for another parser. */
function streamOf(socket: Socket, received: Buffer): Duplex {
  const stream = new Duplex({
    read: () => void socket.resume(),
    write: (chunk: Buffer, _encoding, done) => void socket.write(chunk, done),
    final: (done) => void socket.end(done),
    destroy: (error, done) => {
      socket.destroy();
      done(error);
    },
  });
  stream.push(received);
  socket.on('data', (chunk) => {
    if (!stream.push(chunk)) socket.pause();
  });
  socket.once('end', () => stream.push(null));
  socket.once('close', () => stream.destroy());
  return stream;
}
