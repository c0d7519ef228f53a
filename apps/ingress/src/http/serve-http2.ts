import type { IncomingMessage, ServerResponse } from 'node:http';
import { constants, createServer } from 'node:http2';
import type { Http2Server, Http2ServerRequest, Http2ServerResponse, ServerHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { Code } from '@connectrpc/connect';
import { addressBlock } from '@rollcall/platform';
import type { Surface } from './error-surfaces';
import { MOST, MOST_OF_ONE_ADDRESS } from './limit-connections';
import { Places } from './places';
import type { Problem } from './to-problem';

/** What Node.js' parser says of the beginning of an HTTP/2 connection (RFC 9113 §3.4). */
export const HTTP2_PREFACE = 'HPE_PAUSED_H2_UPGRADE';
const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';

const PROBLEM: Problem = {
  status: 505,
  code: 'malformed_request',
  message: 'This server speaks HTTP/1.1, and HTTP/2 for gRPC alone. Send the request by HTTP/1.1.',
};
const UNKNOWN_CALL = 'This server has no such gRPC method. What it has is at /api/docs, as a REST API.';

/**
 * What one connection may ask of this process. Whoever breaks the protocol, resets what it asked or pings on and on is let go by Node.js,
 * which counts that by itself.
 */
const LIMITS = {
  settings: { maxConcurrentStreams: 64, enablePush: false, maxHeaderListSize: 16_384 },
  // Megabytes: of its 64 calls each may have sent what its stream's window takes.
  maxSessionMemory: 8,
  maxSessionInvalidFrames: 32,
  maxSessionRejectedStreams: 32,
};

/**
 * Calls that are arriving at a time, in all and of one address: as many as there may be connections of HTTP/1.1, each of which may have
 * sent a body that its caller is not known for yet. One over the bound is refused before it was looked at, and may be sent again.
 */
const ARRIVING = { max: MOST, perKey: MOST_OF_ONE_ADDRESS };

/** Bytes that the names and values of a call's headers may have. A client need not heed the settings before it has them. */
const HEADERS_MAX = LIMITS.settings.maxHeaderListSize;

/** How long a connection may take for its first call, a call for arriving whole, and a connection may be silent; milliseconds. */
export interface Http2Times {
  firstMs: number;
  requestMs: number;
  idleMs: number;
}

/** How long the other side may take to close the connection once everything has been said. */
const LINGER_MS = 2_000;

export interface Http2Door {
  /** The surface of a URL, in whose form requests that are no gRPC are refused. */
  surfaceOf(url: string): Surface;
  /** Whether a URL is that of a gRPC method which may be here. */
  isCall(url: string): boolean;
  times: Http2Times;
}

/**
 * Takes over connections that begin with HTTP/2, on the port of HTTP/1.1. Calls of gRPC go the way of every request; others are refused
 * each by itself, and the connection stays in order: a client that is answered in HTTP/1.1 takes the bytes for a broken connection, and
 * with some libraries its process ends.
 */
export class Http2Connections {
  private readonly server: Http2Server;
  /** Each with the connection under it. */
  private readonly sessions = new Map<ServerHttp2Session, Socket>();
  private readonly taken = new WeakSet<Socket>();
  private readonly arriving = new Places(ARRIVING);
  private isClosing = false;

  /** @param serve does with a call what is done with a request of HTTP/1.1 */
  constructor(
    private readonly door: Http2Door,
    private readonly serve: (request: IncomingMessage, response: ServerResponse) => void,
  ) {
    this.server = createServer(LIMITS, (request, response) => this.receive(request, response));
  }

  /** Whether a connection was taken over: its HTTP/1.1 parser, which goes by the time that a head takes, has no say in it any more. */
  has(socket: Socket): boolean {
    return this.taken.has(socket);
  }

  /** Takes a connection over from the HTTP/1.1 server, with what had come on it. Returns false when that is not the whole beginning. */
  take(socket: Socket, received: Buffer | undefined): boolean {
    if (!received?.subarray(0, PREFACE.length).equals(Buffer.from(PREFACE))) return false;
    this.taken.add(socket);
    // The HTTP/1.1 parser reads no more of it.
    for (const event of ['data', 'end', 'timeout', 'drain']) socket.removeAllListeners(event);
    socket.setTimeout(0);
    // Node.js tells of the session before `emit` returns.
    this.server.once('session', (session) => this.keep(session, socket));
    this.server.emit('connection', streamOf(socket, Buffer.from(received)));
    return true;
  }

  /** Tells every client to send its further calls elsewhere (GOAWAY); what is under way is finished. */
  close(): void {
    this.isClosing = true;
    for (const session of this.sessions.keys()) session.close();
  }

  private keep(session: ServerHttp2Session, socket: Socket): void {
    const { firstMs, idleMs } = this.door.times;
    this.sessions.set(session, socket);
    const first = setTimeout(() => session.destroy(), firstMs);
    session.once('stream', () => clearTimeout(first));
    // Whoever does not take an answer either is not waited for.
    session.setTimeout(idleMs, () => (session.closed ? session.destroy() : session.close()));
    // What the other side does wrong ends its connection, and is nobody else's.
    session.on('error', () => session.destroy());
    session.once('close', () => {
      clearTimeout(first);
      this.sessions.delete(session);
      socket.setTimeout(LINGER_MS, () => socket.destroy());
    });
    if (this.isClosing) session.close();
  }

  private receive(request: Http2ServerRequest, response: Http2ServerResponse): void {
    const { stream } = request;
    const socket = stream.session && this.sessions.get(stream.session as ServerHttp2Session);
    stream.on('error', () => undefined);
    if (!socket) return stream.close(constants.NGHTTP2_REFUSED_STREAM);
    if (!/^application\/grpc\b/i.test(request.headers['content-type'] ?? '')) return this.refuse(request, response);
    if (request.method !== 'POST' || !this.door.isCall(request.url)) return refuseCall(response);
    if (sizeOf(request.rawHeaders) > HEADERS_MAX) return stream.close(constants.NGHTTP2_ENHANCE_YOUR_CALM);
    const giveBack = this.arriving.take(addressBlock(socket.remoteAddress ?? ''));
    if (typeof giveBack === 'string') return stream.close(constants.NGHTTP2_REFUSED_STREAM);
    const late = setTimeout(() => stream.close(constants.NGHTTP2_CANCEL), this.door.times.requestMs);
    const arrived = () => {
      clearTimeout(late);
      giveBack();
    };
    request.once('end', arrived);
    stream.once('close', arrived);
    // The connection itself, for what goes by its address or its bytes; Node.js' own has a wrapper in its place.
    Object.defineProperty(request, 'socket', { value: socket });
    // Node.js' compatibility layer: what Fastify and the hooks here use of the two is the same.
    this.serve(request as unknown as IncomingMessage, response as unknown as ServerResponse);
  }

  private refuse({ url, stream }: Http2ServerRequest, response: Http2ServerResponse): void {
    const surface = this.door.surfaceOf(url);
    response.writeHead(PROBLEM.status, { 'content-type': surface.mediaType });
    response.end(JSON.stringify(surface.render(PROBLEM)));
    // No body is read.
    stream.once('finish', () => stream.close(constants.NGHTTP2_NO_ERROR));
  }
}

function sizeOf(rawHeaders: readonly string[]): number {
  return rawHeaders.reduce((bytes, text) => bytes + text.length, 0);
}

/** gRPC's "there is no such method", which its clients take as the answer to the one call. */
function refuseCall({ stream }: Http2ServerResponse): void {
  stream.respond(
    {
      ':status': 200,
      'content-type': 'application/grpc',
      'grpc-status': Code.Unimplemented,
      'grpc-message': UNKNOWN_CALL,
    },
    { endStream: true },
  );
  stream.once('finish', () => stream.close(constants.NGHTTP2_NO_ERROR));
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
