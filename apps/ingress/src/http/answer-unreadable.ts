import { STATUS_CODES } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { HTTP2_PREFACE, Http2Connections } from './serve-http2';
import type { Http2Door } from './serve-http2';
import { surfaceOfPath } from './error-surfaces';
import type { Surface } from './error-surfaces';
import type { Problem } from './to-problem';

/** What cannot be read as HTTP, by Node.js' error code. */
const PROBLEMS: Record<string, Problem> = {
  HPE_HEADER_OVERFLOW: {
    status: 431,
    code: 'headers_too_large',
    message: 'The URL and headers are larger than 16 kB together. Send long filters with POST /.search.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    code: 'request_timeout',
    message: 'The request did not arrive whole in time. Send it again.',
  },
};

const MALFORMED: Problem = { status: 400, code: 'malformed_request', message: 'This is no HTTP/1.1 request.' };

/** How long a sender may take to close its side: closing under it would cost it the answer (RFC 9112 §9.6). */
const LINGER_MS = 5_000;

/** An error of the parser, with what it was parsing. */
type ParserError = NodeJS.ErrnoException & { rawPacket?: Buffer; bytesParsed?: number };

/** Answers what the HTTP parser gives up, in the form of the surface that it was meant for. */
export class UnreadableRequests {
  /** What came last on a connection, and what is answered to it. */
  private readonly last = new WeakMap<Socket, Exchange>();

  private http2: Http2Connections | undefined;

  /** @param toPath the path of a URL as the routes have it */
  constructor(private readonly toPath: (url: string) => string) {}

  /**
   * Remembers what comes on the connections of a server; of URLs, which may be long, their surfaces. Calls that come by HTTP/2 are requests
   * of the server's too.
   */
  watch(fastify: Pick<FastifyInstance, 'server' | 'addHook'>, door: Omit<Http2Door, 'surfaceOf'>): void {
    const { server } = fastify;
    const surfaceOf = (url: string) => this.surfaceOf(url);
    const http2 = new Http2Connections({ ...door, surfaceOf }, (...exchange) => server.emit('request', ...exchange));
    this.http2 = http2;
    fastify.addHook('preClose', (done) => {
      http2.close();
      done();
    });
    server.on('request', (request, response) => {
      this.last.set(request.socket, {
        surface: this.surfaceOf(request.url ?? '/'),
        response: new WeakRef(response),
      });
    });
  }

  /** Answers, and closes the connection, on which no further request could be found. */
  readonly answer = (error: NodeJS.ErrnoException, socket: Socket): void => {
    if (this.http2?.has(socket)) return;
    const last = this.last.get(socket);
    if (!socket.writable || error.code === 'ECONNRESET' || (last && isBeingAnswered(last))) {
      socket.destroy();
      return;
    }
    if (error.code === HTTP2_PREFACE && !last && this.http2?.take(socket, (error as ParserError).rawPacket)) return;
    const problem = PROBLEMS[error.code ?? ''] ?? MALFORMED;
    const url = findUrl(error);
    const surface = url === undefined && last ? last.surface : this.surfaceOf(url ?? '/');
    const body = JSON.stringify(surface.render(problem));
    const status = `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}`;
    const headers = [`content-type: ${surface.mediaType}`, `content-length: ${Buffer.byteLength(body)}`];
    socket.setTimeout(LINGER_MS, () => socket.destroy());
    socket.end([status, ...headers, 'connection: close', '', body].join('\r\n'));
  };

  private surfaceOf(url: string): Surface {
    const [path = '/'] = url.replace(/^https?:\/\/[^/]*/i, '').split('?', 1);
    return surfaceOfPath(this.toPath(path));
  }
}

interface Exchange {
  surface: Surface;
  /** Weak: a connection that waits for its next request keeps nothing of the one before. */
  response: WeakRef<ServerResponse>;
}

/** A second answer would be taken for a part of the first, or for that to the next request. */
function isBeingAnswered(last: Exchange): boolean {
  const response = last.response.deref();
  return response?.headersSent === true && !(response.writableFinished && response.req.complete);
}

/** The URL of the last request that begins before the place where the parser gave up; its line may have come in an earlier packet. */
function findUrl({ rawPacket, bytesParsed = Infinity }: ParserError): string | undefined {
  const lines = [...(rawPacket?.toString('latin1') ?? '').matchAll(/(?:^|\n)[\w-]+ +(\/\S*|https?:\S+)/g)];
  return lines.findLast(({ index }) => index <= bytesParsed)?.[1];
}
