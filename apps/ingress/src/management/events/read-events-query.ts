import { EVENT_TYPES } from '@rollcall/contract';
import { AppError, parseId } from '@rollcall/platform';
import type { FeedFilter, FeedPosition, FeedStart } from '@rollcall/management';
import { EnumListParameter, IdParameter, IntegerParameter, TextField } from '../input/fields';
import type { OpaqueTokens } from '../paging/page-tokens';

export const DEFAULT_EVENTS = 100;
export const MAX_EVENTS = 1_000;

export class EventsQuery {
  @TextField({
    min: 0,
    max: 2_000,
    description: 'Exclusive: a `next_after` or an event id. Absent: from the oldest event that is kept.',
  })
  after?: string;

  @IntegerParameter({
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
    description: 'Exclusive, 0 = from the start. Only with `directory_id`, not with `after`.',
  })
  after_sequence?: number;

  @IntegerParameter({
    min: 1,
    max: Number.MAX_SAFE_INTEGER,
    description: 'The epoch of `after_sequence`, only with it: 410 `events_ahead` when the directory has another.',
  })
  epoch?: number;

  @EnumListParameter({ values: EVENT_TYPES, description: 'Only these types, separated by commas.' })
  types?: string[];

  @IdParameter({ prefix: 'org', description: 'Only events of this organization.' })
  organization_id?: string;

  @IdParameter({ prefix: 'dir', description: 'Only events of this directory, also of one that was deleted.' })
  directory_id?: string;

  @IntegerParameter({ min: 1, max: MAX_EVENTS, description: `Events on a page, default ${DEFAULT_EVENTS}.` })
  page_size?: number;
}

/**
 * What of the feed is asked for. Throws AppError 400 for a position that is none, or for two positions.
 * @param scope of the environment's feed tokens
 */
export function readEventsQuery(
  query: EventsQuery,
  tokens: OpaqueTokens,
  scope: string,
): { filter: FeedFilter; start: FeedStart } {
  const directoryId = bareId('dir', query.directory_id);
  const filter = {
    directoryId,
    organizationId: bareId('org', query.organization_id),
    types: query.types && query.types.length > 0 ? query.types : undefined,
  };
  const { after = '', after_sequence: sequence, epoch } = query;
  if (sequence === undefined && epoch !== undefined) throw refuse('"epoch" is that of "after_sequence": send both.');
  if (sequence === undefined) return { filter, start: readAfter(after, tokens, scope) };
  if (directoryId === undefined) throw refuse('"after_sequence" counts within a directory: add "directory_id".');
  if (after !== '') throw refuse('Send either "after" or "after_sequence", not both.');
  return { filter, start: { kind: 'sequence', directoryId, sequence: String(sequence), epoch } };
}

function readAfter(after: string, tokens: OpaqueTokens, scope: string): FeedStart {
  if (after === '') return { kind: 'oldest' };
  const eventId = parseId('evt', after);
  if (eventId !== null) return { kind: 'event', eventId };
  const position = tokens.decode(after, scope) as FeedPosition | null;
  if (position) return { kind: 'position', position };
  throw refuse('"after" must be a "next_after" that this feed answered, or an event id.');
}

function bareId(prefix: 'org' | 'dir', id: string | undefined): string | undefined {
  return (id !== undefined && parseId(prefix, id)) || undefined;
}

function refuse(message: string): AppError {
  return new AppError({ kind: 'invalid', code: 'invalid_request', message });
}
