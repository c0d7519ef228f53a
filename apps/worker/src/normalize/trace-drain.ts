import type { Change } from '@rollcall/events';
import { publicId, readTracedId } from '@rollcall/platform';
import type { Span, Tracing } from '@rollcall/platform';

/** Of so many requests in a batch each has a span of its own. */
const TRACES_MAX = 128;

/** The spans of one batch of a drain. */
export interface DrainTrace {
  /** The `traceparent` for what follows from a change, or an event, of the request that is stored with it. */
  parentFor(requestId: string | null): string | null;
  /** Ends the spans. */
  end(result: { events: number; deliveries: number } | { failure: string }): void;
}

/**
 * Makes the spans of a batch whose changes came with traces; null when none did. When they are all of one trace, the drain is a part of
 * it. A drain of several is a trace of its own, linked with all of them, and each has a span for its part.
 * @param began when the drain began
 */
export function traceDrain(
  tracing: Tracing,
  directoryId: string,
  changes: readonly Change[],
  began: Date,
): DrainTrace | null {
  const parents = tracedRequests(changes);
  const [only] = parents.values();
  if (only === undefined) return null;
  const traces = new Set([...parents.values()].map((parent) => parent.slice(3, 35)));
  const attributes = { 'rollcall.directory_id': publicId('dir', directoryId), 'rollcall.changes': changes.length };
  const options = { kind: 'consumer', attributes, startTime: began } as const;
  const drain =
    traces.size === 1
      ? tracing.start('drain directory', { ...options, parent: only, links: [...parents.values()].slice(1) })
      : tracing.start('drain directory', { ...options, links: [...parents.values()] });
  const parts = new Map<string, Span>();
  for (const [id, parent] of traces.size === 1 ? [] : parents) {
    const links = drain.traceparent === null ? [] : [drain.traceparent];
    parts.set(id, tracing.start('publish events', { ...options, parent, links }));
  }
  return {
    parentFor: (requestId) => {
      if (requestId === null) return null;
      const { id, traceparent } = readTracedId(requestId);
      return traceparent && ((traces.size === 1 ? drain : parts.get(id))?.traceparent ?? traceparent);
    },
    end: (result) => {
      for (const span of [drain, ...parts.values()]) {
        if ('failure' in result) span.fail(result.failure);
        else span.set({ 'rollcall.events': result.events, 'rollcall.deliveries': result.deliveries });
        span.end();
      }
    },
  };
}

/** The first requests that changes came with, by their bare ids, and the traces of those. */
function tracedRequests(changes: readonly Change[]): Map<string, string> {
  const parents = new Map<string, string>();
  for (const change of changes) {
    const { id, traceparent } = readTracedId(change.requestId ?? '');
    if (traceparent !== null && parents.size < TRACES_MAX) parents.set(id, traceparent);
  }
  return parents;
}
