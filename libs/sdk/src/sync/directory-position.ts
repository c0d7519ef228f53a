import type { DirectoryStreamEvent } from '../events/rollcall-event';

/** A place in the stream of a directory: numbers continue each other within an epoch only, and a higher epoch is later. */
export interface DirectoryPosition {
  epoch: number;
  sequence: number;
}

/** Where an event stands. Events of before there were epochs say none and are of the first. */
export function positionOf({ epoch = 1, sequence }: DirectoryStreamEvent): DirectoryPosition {
  return { epoch, sequence };
}

/** Whether the first is later than the second. */
export function isAfter(one: DirectoryPosition, other: DirectoryPosition): boolean {
  return one.epoch === other.epoch ? one.sequence > other.sequence : one.epoch > other.epoch;
}

/** Whether the first is what comes right after the second, so that nothing is missing between them. */
export function isNext(one: DirectoryPosition, other: DirectoryPosition): boolean {
  return one.epoch === other.epoch && one.sequence === other.sequence + 1;
}
