import type { IncomingHttpHeaders } from 'node:http';
import type { Span } from '@rollcall/platform';

/** What a sender may call a request; not what this server calls one, so that nobody's request passes for another's. */
const SENT_NAME = /^(?!req_)[\w.:/+=@-]{1,128}$/;

/**
 * The name that the sender or a proxy before us gave a request in `X-Request-Id`, by which its own log knows it: 1 to 128 ASCII letters,
 * digits or one of `-_.:/+=@`. Null when there is none, or one of another form, which is passed over.
 */
export function sentName({ 'x-request-id': name }: IncomingHttpHeaders): string | null {
  return typeof name === 'string' && SENT_NAME.test(name) ? name : null;
}

/** https://www.w3.org/TR/trace-context/#traceparent-header; a later version may have more behind. */
const TRACE_PARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?$/;

/** The id of the trace that a request is part of, by its `traceparent`; undefined when it has none that can be read. */
export function traceIdOf({ traceparent }: IncomingHttpHeaders): string | undefined {
  return typeof traceparent === 'string' ? TRACE_PARENT.exec(traceparent)?.[1] : undefined;
}

/** By what each line of the log about a request tells which one it was. */
export function namesOf({ id, headers, span }: { id: string; headers: IncomingHttpHeaders; span?: Span | null }): {
  request_id: string;
  trace_id?: string;
} {
  const traceId = span?.traceId ?? traceIdOf(headers);
  return { request_id: id, ...(traceId !== undefined && { trace_id: traceId }) };
}
