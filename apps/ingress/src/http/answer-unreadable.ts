import type { Socket } from 'node:net';
import type { ApiErrorCode } from '@rollcall/contract';

interface Refusal {
  status: string;
  code: ApiErrorCode;
  message: string;
}

/** What cannot be read as HTTP has no URL that could choose a form: the answer has the management API's. By Node.js' error code. */
const REFUSALS: Record<string, Refusal> = {
  HPE_HEADER_OVERFLOW: {
    status: '431 Request Header Fields Too Large',
    code: 'headers_too_large',
    message: 'The URL and headers are larger than 16 kB together. Send long filters with POST /.search.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: '408 Request Timeout',
    code: 'request_timeout',
    message: 'The request did not arrive whole in time. Send it again.',
  },
};

/** How long a sender may take to close its side: closing under it would cost it the answer (RFC 9112 §9.6). */
const LINGER_MS = 5_000;

const MALFORMED: Refusal = {
  status: '400 Bad Request',
  code: 'malformed_request',
  message: 'This is no HTTP/1.1 request.',
};

/** Answers a request that the HTTP parser gave up, and closes the connection, on which no further request could be found. */
export function answerUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const { status, code, message } = REFUSALS[error.code ?? ''] ?? MALFORMED;
  const body = JSON.stringify({ error: { code, message } });
  const headers = ['content-type: application/json; charset=utf-8', `content-length: ${Buffer.byteLength(body)}`];
  socket.setTimeout(LINGER_MS, () => socket.destroy());
  socket.end([`HTTP/1.1 ${status}`, ...headers, 'connection: close', '', body].join('\r\n'));
}
