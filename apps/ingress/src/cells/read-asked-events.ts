import type { FastifyRequest } from 'fastify';
import { notFound } from '@rollcall/database';
import type { WorkosEvent } from '@rollcall/webhooks';
import { isForeignId } from '../foreign-ids/take-foreign-ids';
import { DEFAULT_EVENTS, filterOf, READ_AT_ONCE, typesOf } from '../workos/workos-events';
import { findReach } from './answer-feed';
import type { FeedQuestion } from './answer-feed';
import { askForClient } from './ask-for-client';
import { findOwnId } from './find-named';
import type { Installation } from './installation';

/** What of WorkOS' list of events is asked for, as our feed is asked for it. */
export interface AskedEvents extends FeedQuestion {
  limit: number;
  /** The cursor. */
  after: string | null;
  passes: (event: WorkosEvent) => boolean;
  rangeStart: Date | undefined;
}

/** Null when there are no such events. Throws AppError `organization_not_found`. @param given the query, which a cell has checked */
export async function readAskedEvents(
  installation: Installation,
  request: FastifyRequest,
  given: URLSearchParams,
): Promise<AskedEvents | null> {
  const [events, from, to] = ['events', 'range_start', 'range_end'].map((name) => given.get(name) ?? undefined);
  const [rangeStart, rangeEnd] = [from, to].map((text) => (text === undefined ? undefined : new Date(text)));
  const types = typesOf({ events });
  if (types.length === 0) return null;
  const organization = await ownOrganization(installation, request, given.get('organization_id'));
  const query = new URLSearchParams({
    page_size: String(READ_AT_ONCE),
    types: types.join(','),
    ...(organization !== null && { organization_id: organization }),
  });
  const reach = await findReach(installation, query);
  if (!reach) throw notFound('organization');
  return {
    request,
    ask: askForClient(installation, request),
    query,
    reach,
    limit: Number(given.get('limit') ?? DEFAULT_EVENTS),
    after: given.get('after'),
    passes: filterOf({ events, range_start: rangeStart, range_end: rangeEnd }),
    rangeStart,
  };
}

async function ownOrganization(
  installation: Installation,
  { headers: { authorization } }: FastifyRequest,
  id: string | null,
): Promise<string | null> {
  if (id === null || !isForeignId(id)) return id;
  return (await findOwnId(installation, id, { of: 'workos', authorization })) ?? id;
}
