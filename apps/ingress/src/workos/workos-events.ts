import { parseId } from '@rollcall/platform';
import type { EventType } from '@rollcall/contract';
import { readEvent, readWorkosEventId, toWorkosEvents } from '@rollcall/webhooks';
import type { WorkosEvent } from '@rollcall/webhooks';
import { invalid } from './list-query';
import type { WorkosList } from './list-query';

/** Events of a page unless said otherwise. */
export const DEFAULT_EVENTS = 10;
/** Of ours that are read for one answer: of those that are looked for in vain there may be many. */
export const READ_AT_ONCE = 100;
export const READS_MAX = 10;

/** The log is ordered by commits, which may be so much later than the times of events. */
export const COMMIT_LAG_MS = 5 * 60_000;

/** Of which of our types each of theirs is made. */
const SOURCES: Readonly<Record<string, readonly EventType[]>> = {
  'dsync.activated': ['organization.directory_created', 'organization.directory_enabled'],
  'dsync.deleted': ['organization.directory_deleted'],
  'dsync.user.created': ['organization.directory.user_created', 'organization.directory.user_updated'],
  'dsync.user.updated': ['organization.directory.user_updated'],
  'dsync.user.deleted': ['organization.directory.user_deleted', 'organization.directory.user_updated'],
  'dsync.group.created': ['organization.directory.group_created'],
  'dsync.group.updated': ['organization.directory.group_updated'],
  'dsync.group.deleted': ['organization.directory.group_deleted'],
  'dsync.group.user_added': ['organization.directory.group_members_changed', 'organization.directory.user_updated'],
  'dsync.group.user_removed': ['organization.directory.group_members_changed'],
};

/** Which events are asked for. */
interface Wanted {
  /** Types, separated by commas. */
  events?: string | undefined;
  range_start?: Date | undefined;
  range_end?: Date | undefined;
}

export type ListedEvent = WorkosEvent & { object: 'event' };

/** What the list has of one of our events, in order. */
export function toEvents(body: string): WorkosEvent[] {
  return toWorkosEvents(readEvent(body), 'delete');
}

/** Which of our types what is asked for is made of. */
export function typesOf({ events }: Wanted): EventType[] {
  const wanted = events?.split(',') ?? Object.keys(SOURCES);
  return [...new Set(wanted.flatMap((type) => (Object.hasOwn(SOURCES, type) ? (SOURCES[type] ?? []) : [])))];
}

/** Whether an event is one that is asked for. */
export function filterOf({ events, range_start: from, range_end: to }: Wanted): (event: WorkosEvent) => boolean {
  const wanted = events === undefined ? null : new Set(events.split(','));
  return ({ event, created_at: time }) =>
    (wanted === null || wanted.has(event)) &&
    (from === undefined || Date.parse(time) >= from.getTime()) &&
    (to === undefined || Date.parse(time) <= to.getTime());
}

/** The bare id of our event that a cursor is of. Throws AppError `invalid_request` when it is none. */
export function requireEventId(cursor: string): string {
  const id = parseId('evt', readWorkosEventId(cursor) ?? '');
  if (id === null) throw invalid('"after" takes the id of an event of this list.');
  return id;
}

/** @param passedBy where a reader goes on when none was found */
export function renderFound(
  found: readonly WorkosEvent[],
  limit: number,
  passedBy: string | null,
): WorkosList<ListedEvent> {
  const shown = found.slice(0, limit);
  return renderPage(shown, shown.at(-1)?.id ?? passedBy);
}

/** @param after where a reader goes on */
export function renderPage(events: readonly WorkosEvent[], after: string | null): WorkosList<ListedEvent> {
  const data = events.map((event) => ({ object: 'event' as const, ...event }));
  return { object: 'list', data, list_metadata: { before: null, after } };
}
