import { shortEventType } from '@rollcall/contract';

/** How one event was taken at the address that events are forwarded to. */
export interface Forward {
  /** RFC 3339, when it was answered or given up. */
  readonly time: string;
  readonly id: string;
  readonly type: string;
  readonly directory_id: string | null;
  readonly sequence: number | null;
  /** Null: there was no answer, for the reason in `error`. */
  readonly status: number | null;
  readonly ms: number;
  readonly error?: string;
}

/** The longest type without what all types begin with. */
const TYPE_WIDTH = 21;

/** A line of the table that a person reads: time, answer, event. */
export function describeForward({ time, id, type, sequence, status, ms, error }: Forward): string {
  const number = sequence === null ? '' : `#${sequence}`;
  const answer = status === null ? `not taken: ${error}` : `${status} in ${ms} ms`;
  const shortType = shortEventType(type).padEnd(TYPE_WIDTH);
  return `${time.slice(11, 19)}  ${shortType}  ${number.padStart(8)}  ${id}  ${answer}`;
}
