import { EVENT_TYPES } from '@rollcall/contract';
import { parseId } from '@rollcall/platform';
import type { DataSource } from '@rollcall/database';
import { findEventBodies, findImported, listLatestEvents } from '@rollcall/management';
import { renderMessages } from '@rollcall/webhooks';
import type { PageQuery } from '../paging/page-query';
import type { Pager } from '../paging/pager';
import type { ScalekitEventFilter, ScalekitEventItem, ScalekitEventList } from './scalekit-event.dto';

/** Those that Scalekit has too. */
const SHARED_TYPES = EVENT_TYPES.filter(
  (type) => !/\.(?:directory_created|directory_deleted|group_members_changed)$/.test(type),
);

/** What the list is read with. */
interface Tools {
  dataSource: DataSource;
  pager: Pager;
  retentionSeconds: number;
}

/** Whose events: of an environment, and where the client is of one organization (bare id) of that only. */
interface Caller {
  environmentId: string;
  only: string | undefined;
}

/**
 * A page of the events in Scalekit's form, newest first, with a token to the next page and none back. Throws AppError 400 for a token of
 * another list.
 */
export async function listScalekitEvents(
  { dataSource, pager, retentionSeconds }: Tools,
  { environmentId, only }: Caller,
  given: ScalekitEventFilter,
  query: PageQuery,
): Promise<ScalekitEventList> {
  const asked = readFilter(given, await namedByUs(dataSource, environmentId, given.organization_id));
  if (!asked) return { events: [], next_page_token: '', prev_page_token: '' };
  const filter = { ...asked, only };
  const { page, next_page_token } = await pager.log(query, ['events:latest', environmentId, filter], (request) =>
    listLatestEvents(dataSource, environmentId, filter, request, retentionSeconds),
  );
  const eventIds = page.rows.map(({ id }) => id);
  const bodies = await findEventBodies(dataSource, { environmentId, eventIds });
  return { events: eventIds.flatMap((id) => toEvents(bodies.get(id))), next_page_token, prev_page_token: '' };
}

/** The organization that a filter names, which may do so by the id that it had at Scalekit; '' for none. */
async function namedByUs(dataSource: DataSource, environmentId: string, id = ''): Promise<string> {
  if (id === '' || parseId('org', id) !== null) return id;
  const own = await findImported(dataSource, { environmentId, service: 'scalekit' }, [id]);
  return own.get(id) ?? id;
}

/** Null: what is asked for is about things that there are none of here. */
function readFilter(filter: ScalekitEventFilter, id: string) {
  const { event_types: asked = [], start_time: fromTime, end_time: toTime } = filter;
  const types = SHARED_TYPES.filter((type) => asked.length === 0 || asked.includes(type));
  const organizationId = id === '' ? undefined : parseId('org', id);
  if (types.length === 0 || organizationId === null || isAboutSignIns(filter)) return null;
  return { types, organizationId, fromTime, toTime };
}

/** What only events of Scalekit's other products have. */
function isAboutSignIns(filter: ScalekitEventFilter): boolean {
  return [
    filter.auth_request_id,
    filter.connection_id,
    filter.connected_account_id,
    filter.interceptor_id,
    filter.interceptor_status,
    filter.interceptor_decision,
  ].some((text) => text !== undefined && text !== '');
}

/** As an endpoint with the dialect gets it which is told of deactivations as they are. None for an event that was dropped since its id was read. */
function toEvents(body: string | undefined): ScalekitEventItem[] {
  if (body === undefined) return [];
  const messages = renderMessages({ name: 'scalekit', deactivation: 'update' }, body);
  return messages.map((message) => JSON.parse(message.body) as ScalekitEventItem);
}
