/** An event of a feed's page: its text as it was stored and signed, and what its place in the feed is told by. */
export interface FeedEvent {
  text: string;
  /** Begins with the time at which it was published. */
  id: string;
  sequence: number;
}

/** A page of one cell's feed. */
export interface CellFeed {
  events: FeedEvent[];
  nextAfter: string;
  hasMore: boolean;
}

const START = '{"events":[';
/** Up to which the members of the envelope reach that stand before the data. */
const ENVELOPE_HEAD = 1_000;
const [QUOTE, BACKSLASH, OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d];

/**
 * The events of an answer of the feed, each the text that it is: a receiver may check a signature over it. Yields between two events, for
 * a page may have megabytes. Throws for a text that is no answer of the feed.
 */
export function* splitFeed(answer: string): Generator<void, CellFeed> {
  if (!answer.startsWith(START)) throw new Error('no page of the event feed');
  const events: FeedEvent[] = [];
  let offset = START.length;
  while (answer.charCodeAt(offset) !== CLOSE_ARRAY) {
    const end = endOfValue(answer, offset);
    events.push(readEvent(answer.slice(offset, end)));
    offset = answer[end] === ',' ? end + 1 : end;
    yield;
  }
  const rest = JSON.parse(`{"events":[${answer.slice(offset)}`) as { next_after: string; has_more: boolean };
  return { events, nextAfter: rest.next_after, hasMore: rest.has_more };
}

/** Where the object ends that begins at an offset. */
function endOfValue(text: string, start: number): number {
  let depth = 0;
  for (let offset = start; offset < text.length; offset++) {
    const code = text.charCodeAt(offset);
    if (code === QUOTE) offset = endOfText(text, offset);
    else if (code === OPEN_OBJECT || code === OPEN_ARRAY) depth += 1;
    else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) depth -= 1;
    if (depth === 0) return offset + 1;
  }
  throw new Error('a page of the event feed was cut');
}

/** Where the closing quote is. */
function endOfText(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end === -1 ? text.length : end;
}

function isEscaped(text: string, quote: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(quote - 1 - backslashes) === BACKSLASH) backslashes += 1;
  return backslashes % 2 === 1;
}

function readEvent(text: string): FeedEvent {
  const head = text.slice(0, ENVELOPE_HEAD);
  const read = (pattern: RegExp) => pattern.exec(head)?.[1] ?? '';
  return {
    text,
    id: read(/"id":"([^"]+)"/),
    sequence: Number(read(/"sequence":(\d+)/)),
  };
}
