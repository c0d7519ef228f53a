import { Get, Inject, Query } from '@nestjs/common';
import { DataSource, InjectDataSource } from '@rollcall/database';
import type { EventType } from '@rollcall/contract';
import { findEventBodies, findEventBody, listLatestEvents, readEventFeed } from '@rollcall/management';
import type { FeedStart } from '@rollcall/management';
import { parseId } from '@rollcall/platform';
import type { WorkosEvent } from '@rollcall/webhooks';
import { CONFIG } from '../http/context.module';
import type { IngressConfig } from '../http/context.module';
import { SaysIdsAsSent } from '../foreign-ids/show-foreign-ids.interceptor';
import { LongRead } from '../http/take-turn.interceptor';
import { Access } from '../management/access/access';
import { EnvironmentId } from '../management/access-token.guard';
import { EnumField, IdParameter, IntegerParameter, TextField, TimeParameter } from '../management/input/fields';
import type { WorkosList } from './list-query';
import { WorkosController } from './workos-controller';
import {
  COMMIT_LAG_MS,
  DEFAULT_EVENTS,
  filterOf,
  READ_AT_ONCE,
  READS_MAX,
  renderFound,
  renderPage,
  requireEventId,
  toEvents,
  typesOf,
} from './workos-events';
import type { ListedEvent } from './workos-events';

class EventsQuery {
  @TextField({ max: 4_000, description: 'Which types, separated by commas; absent: every one that there is.' })
  events?: string;

  @IdParameter({ prefix: 'org', description: 'Only those of this organization.' })
  organization_id?: string;

  @TimeParameter({ description: 'Not those before this time.' })
  range_start?: Date;

  @TimeParameter({ description: 'Not those after this time.' })
  range_end?: Date;

  @IntegerParameter({ min: 1, max: 100, description: 'Events on a page.' })
  limit?: number;

  @TextField({ max: 100, description: 'The id of an event: those after it.' })
  after?: string;

  @EnumField({
    values: ['asc', 'desc'],
    description: 'Oldest first, unless `desc`: to look at only, for the newest may come before one that commits later.',
  })
  order?: 'asc' | 'desc';
}

/** What a list is asked for, and which of our events that is made of. */
interface Asked {
  query: EventsQuery;
  filter: { organizationId: string | undefined; types: EventType[] };
}

/** `workos.events` */
@WorkosController('events')
export class WorkosEventsController {
  private readonly retentionSeconds: number;

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(CONFIG) config: IngressConfig,
  ) {
    this.retentionSeconds = config.eventRetentionDays * 86_400;
  }

  /**
   * Its cursor is the last event of a page, also of the last one, so that a reader who keeps it goes on from there; null only where
   * nothing more was found. A page may have no events and yet a cursor: then many were looked at without finding one.
   */
  @Get()
  @Access('read', 'refused')
  @LongRead()
  @SaysIdsAsSent()
  async list(@EnvironmentId() environmentId: string, @Query() query: EventsQuery): Promise<WorkosList<ListedEvent>> {
    const types = typesOf(query);
    if (types.length === 0) return renderPage([], null);
    const asked = { query, filter: { organizationId: bareId('org', query.organization_id), types } };
    return query.order === 'desc' ? this.listNewest(environmentId, asked) : this.listOldest(environmentId, asked);
  }

  private async listOldest(environmentId: string, { query, filter }: Asked): Promise<WorkosList<ListedEvent>> {
    const { limit = DEFAULT_EVENTS } = query;
    const passes = filterOf(query);
    let start = await this.findStart(environmentId, query);
    const found = await this.findRest(environmentId, query);
    let passedBy: string | null = null;
    for (let reads = 0; reads < READS_MAX && found.length < limit; reads += 1) {
      const page = await readEventFeed(this.dataSource, environmentId, {
        filter,
        start,
        size: READ_AT_ONCE,
        retentionSeconds: this.retentionSeconds,
      });
      found.push(...page.bodies.flatMap(toEvents).filter(passes));
      start = { kind: 'position', position: page.next };
      passedBy = page.hasMore && page.next.eventId !== null ? `event_${page.next.eventId}` : null;
      if (!page.hasMore) break;
    }
    return renderFound(found, limit, passedBy);
  }

  private async listNewest(environmentId: string, { query, filter }: Asked): Promise<WorkosList<ListedEvent>> {
    const { limit = DEFAULT_EVENTS, after, range_start: fromTime, range_end: toTime } = query;
    const passes = filterOf(query);
    const found = await this.findRest(environmentId, query);
    let keys = after === undefined ? undefined : [requireEventId(after)];
    let passedBy: string | null = null;
    for (let reads = 0; reads < READS_MAX && found.length < limit; reads += 1) {
      const { rows, next } = await listLatestEvents(
        this.dataSource,
        environmentId,
        { ...filter, fromTime, toTime },
        { size: READ_AT_ONCE, ...(keys && { cursor: { direction: 'next', keys } }) },
        this.retentionSeconds,
      );
      const eventIds = rows.map(({ id }) => id);
      const bodies = await findEventBodies(this.dataSource, { environmentId, eventIds });
      const events = eventIds.flatMap((id) => bodies.get(id) ?? []).flatMap((body) => toEvents(body).toReversed());
      found.push(...events.filter(passes));
      keys = next?.keys;
      passedBy = keys ? `event_${keys[0]}` : null;
      if (!keys) break;
    }
    return renderFound(found, limit, passedBy);
  }

  private async findStart(environmentId: string, { after, range_start: from }: EventsQuery): Promise<FeedStart> {
    if (after !== undefined) return { kind: 'event', eventId: requireEventId(after) };
    if (from === undefined) return { kind: 'oldest' };
    const filter = { toTime: new Date(from.getTime() - COMMIT_LAG_MS) };
    const { rows } = await listLatestEvents(this.dataSource, environmentId, filter, { size: 1 }, this.retentionSeconds);
    const [before] = rows;
    return before ? { kind: 'event', eventId: before.id } : { kind: 'oldest' };
  }

  /** What comes in the list behind the cursor of the event of ours that it is a part of. */
  private async findRest(environmentId: string, query: EventsQuery): Promise<WorkosEvent[]> {
    const { after, order } = query;
    if (after === undefined) return [];
    const { dataSource, retentionSeconds } = this;
    const scope = { environmentId, eventId: requireEventId(after), retentionSeconds };
    const events = toEvents(await findEventBody(dataSource, scope));
    const listed = order === 'desc' ? events.toReversed() : events;
    const place = listed.findIndex(({ id }) => id === after);
    return place < 0 ? [] : listed.slice(place + 1).filter(filterOf(query));
  }
}

function bareId(prefix: 'org', id: string | undefined): string | undefined {
  return id === undefined ? undefined : (parseId(prefix, id) ?? undefined);
}
