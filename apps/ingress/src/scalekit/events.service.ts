import { Inject } from '@nestjs/common';
import type { JsonObject, MessageInitShape } from '@bufbuild/protobuf';
import { EventsService as Service, ObjectType } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/events/events_pb';
import type {
  EventFilter,
  ListEventsPaginatedRequest,
  ListEventsRequest,
  ScalekitEventSchema,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/events/events_pb';
import { DataSource, InjectDataSource } from '@rollcall/database';
import { CONFIG } from '../http/context.module';
import type { IngressConfig } from '../http/context.module';
import { SaysIdsAsSent } from '../foreign-ids/show-foreign-ids.interceptor';
import { LongRead } from '../http/take-turn.interceptor';
import { Access } from '../management/access/access';
import { EnvironmentId, OrganizationOfClient } from '../management/access-token.guard';
import { listScalekitEvents } from '../management/events/list-scalekit-events';
import type { ScalekitEventFilter, ScalekitEventItem } from '../management/events/scalekit-event.dto';
import { Pager } from '../management/paging/pager';
import { Message } from './message';
import { pageOf, readTime, toTime } from './read-input';
import { Call, ScalekitService } from './scalekit-service';

const methods = Service.method;

/** The events of an environment, newest first. */
@ScalekitService()
export class EventsService {
  readonly retentionSeconds: number;

  constructor(
    @InjectDataSource() readonly dataSource: DataSource,
    @Inject(CONFIG) config: IngressConfig,
    readonly pager: Pager,
  ) {
    this.retentionSeconds = config.eventRetentionDays * 86_400;
  }

  @Call(methods.listEventsPaginated)
  @Access('read', 'filtered')
  @LongRead()
  @SaysIdsAsSent()
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
  @SaysIdsAsSent()
  listAll(
    @EnvironmentId() environmentId: string,
    @OrganizationOfClient() only: string | undefined,
    @Message() message: ListEventsRequest,
  ) {
    return this.list({ environmentId, only }, message);
  }

  private async list(
    caller: { environmentId: string; only: string | undefined },
    message: ListEventsPaginatedRequest | ListEventsRequest,
  ) {
    const filter = message.filter ? readFilter(message.filter) : {};
    const list = await listScalekitEvents(this, caller, filter, await pageOf(message));
    return { events: list.events.map(toEvent), nextPageToken: list.next_page_token };
  }
}

/** As the body of the REST route says it. */
function readFilter(filter: EventFilter): ScalekitEventFilter {
  return {
    event_types: filter.eventTypes,
    organization_id: filter.organizationId,
    start_time: readTime(filter.startTime),
    end_time: readTime(filter.endTime),
    auth_request_id: filter.authRequestId,
    connection_id: filter.connectionId,
    connected_account_id: filter.connectedAccountId,
    interceptor_id: filter.interceptorId,
    interceptor_status: filter.interceptorStatus,
    interceptor_decision: filter.interceptorDecision,
  };
}

function toEvent(event: ScalekitEventItem): MessageInitShape<typeof ScalekitEventSchema> {
  return {
    specVersion: event.spec_version,
    id: event.id,
    type: event.type,
    occurredAt: toTime(event.occurred_at),
    environmentId: event.environment_id,
    organizationId: event.organization_id,
    object: ObjectType[event.object],
    data: event.data as JsonObject,
    displayName: event.display_name,
  };
}
