import { Inject } from '@nestjs/common';
import type { JsonObject, MessageInitShape } from '@bufbuild/protobuf';
import { EventsService as Service, ObjectType } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/events/events_pb';
import type {
  EventFilter,
  ListEventsPaginatedRequest,
  ListEventsRequest,
  ScalekitEventSchema,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/events/events_pb';
import { EVENT_TYPES } from '@rollcall/contract';
import { parseId } from '@rollcall/platform';
import { DataSource, InjectDataSource } from '@rollcall/database';
import { findEventBodies, listLatestEvents } from '@rollcall/management';
import { renderMessages } from '@rollcall/webhooks';
import { CONFIG } from '../http/context.module';
import type { IngressConfig } from '../http/context.module';
import { LongRead } from '../http/take-turn.interceptor';
import { Access } from '../management/access/access';
import { EnvironmentId, OrganizationOfClient } from '../management/access-token.guard';
import { Pager } from '../management/paging/pager';
import { Message } from './message';
import { pageOf, readTime, toTime } from './read-input';
import { Call, ScalekitService } from './scalekit-service';

/** Those that Scalekit has too. */
const SHARED_TYPES = EVENT_TYPES.filter(
  (type) => !/\.(?:directory_created|directory_deleted|group_members_changed)$/.test(type),
);

const methods = Service.method;

/** The events of an environment, newest first. */
@ScalekitService()
export class EventsService {
  private readonly retentionSeconds: number;

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(CONFIG) config: IngressConfig,
    private readonly pager: Pager,
  ) {
    this.retentionSeconds = config.eventRetentionDays * 86_400;
  }

  @Call(methods.listEventsPaginated)
  @Access('read', 'filtered')
  @LongRead()
  listPaginated(
    @EnvironmentId() environmentId: string,
    @OrganizationOfClient() only: string | undefined,
    @Message() message: ListEventsPaginatedRequest,
  ) {
    return this.list({ environmentId, only }, message);
  }

  /** The same; how many there are in all is not counted. */
  @Call(methods.listEvents)
  @Access('read', 'filtered')
  @LongRead()
  listAll(
    @EnvironmentId() environmentId: string,
    @OrganizationOfClient() only: string | undefined,
    @Message() message: ListEventsRequest,
  ) {
    return this.list({ environmentId, only }, message);
  }

  private async list(
    { environmentId, only }: { environmentId: string; only: string | undefined },
    message: ListEventsPaginatedRequest | ListEventsRequest,
  ) {
    const asked = readFilter(message.filter);
    if (!asked) return { events: [], nextPageToken: '' };
    const filter = { ...asked, only };
    const scope = ['events:latest', environmentId, filter];
    const { page, next_page_token: nextPageToken } = await this.pager.log(await pageOf(message), scope, (request) =>
      listLatestEvents(this.dataSource, environmentId, filter, request, this.retentionSeconds),
    );
    const eventIds = page.rows.map(({ id }) => id);
    const bodies = await findEventBodies(this.dataSource, { environmentId, eventIds });
    return { events: eventIds.flatMap((id) => toEvents(bodies.get(id))), nextPageToken };
  }
}

/** Null: what is asked for is about things that there are none of here. */
function readFilter(filter: EventFilter | undefined) {
  if (!filter) return { types: SHARED_TYPES };
  const { eventTypes, organizationId, startTime, endTime } = filter;
  const types = SHARED_TYPES.filter((type) => eventTypes.length === 0 || eventTypes.includes(type));
  const organization = organizationId === '' ? undefined : parseId('org', organizationId);
  if (types.length === 0 || organization === null || isAboutSignIns(filter)) return null;
  return { types, organizationId: organization, fromTime: readTime(startTime), toTime: readTime(endTime) };
}

/** What only events of Scalekit's other products have. */
function isAboutSignIns(filter: EventFilter): boolean {
  return [
    filter.authRequestId,
    filter.connectionId,
    filter.connectedAccountId,
    filter.interceptorId,
    filter.interceptorStatus,
    filter.interceptorDecision,
  ].some((text) => text !== undefined && text !== '');
}

/** An event in Scalekit's form. */
interface ScalekitEvent {
  spec_version: string;
  id: string;
  type: string;
  object: 'Directory' | 'DirectoryUser' | 'DirectoryGroup';
  environment_id: string;
  organization_id: string;
  occurred_at: string;
  data: JsonObject;
  display_name: string;
}

/** As an endpoint with the dialect gets it which is told of deactivations as they are. None for an event that was dropped since its id was read. */
function toEvents(body: string | undefined): MessageInitShape<typeof ScalekitEventSchema>[] {
  if (body === undefined) return [];
  return renderMessages({ name: 'scalekit', deactivation: 'update' }, body).map((message) => {
    const event = JSON.parse(message.body) as ScalekitEvent;
    return {
      specVersion: event.spec_version,
      id: event.id,
      type: event.type,
      occurredAt: toTime(event.occurred_at),
      environmentId: event.environment_id,
      organizationId: event.organization_id,
      object: ObjectType[event.object],
      data: event.data,
      displayName: event.display_name,
    };
  });
}
