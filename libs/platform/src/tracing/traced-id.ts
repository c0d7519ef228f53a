/** What stands between a request's id and its trace, where both are stored as one text. */
const SEPARATOR = ':';

const TRACED = /^([0-9a-z]{26}):([0-9a-f]{32}-[0-9a-f]{16})$/;
const TRACEPARENT = /^00-([0-9a-f]{32}-[0-9a-f]{16})-01$/;

/**
 * A request's bare id as it is stored with what the request changed: with its trace behind it, so that whoever works on that later, in
 * whatever process, goes on in the same trace. Without a trace that is kept, it is the id alone.
 */
export function tracedId(id: string, traceparent: string | null | undefined): string {
  const [, context] = TRACEPARENT.exec(traceparent ?? '') ?? [];
  return context === undefined ? id : `${id}${SEPARATOR}${context}`;
}

/** The request's bare id, and its trace as a `traceparent`, of what `tracedId` made. */
export function readTracedId(text: string): { id: string; traceparent: string | null } {
  const [, id, context] = TRACED.exec(text) ?? [];
  return id === undefined ? { id: text, traceparent: null } : { id, traceparent: `00-${context}-01` };
}
