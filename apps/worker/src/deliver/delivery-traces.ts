import { LRUCache } from 'lru-cache';
import type { DataSource } from '@rollcall/database';
import { findEventRequests } from '@rollcall/pipeline-store';
import type { ClaimedDelivery } from '@rollcall/pipeline-store';
import { readTracedId } from '@rollcall/platform';
import type { Tracing } from '@rollcall/platform';

/** Events that this process has published and whose drain it remembers. */
const REMEMBERED = 20_000;

/** Knows in which trace a delivery stands: that of the drain that this process made its event in, or else of the request that changed it. */
export class DeliveryTraces {
  private readonly drains = new LRUCache<string, string>({ max: REMEMBERED });

  constructor(
    readonly tracing: Tracing,
    private readonly dataSource: DataSource,
  ) {}

  /** Notes the `traceparent` of the drain that made an event. */
  remember(eventId: string, traceparent: string): void {
    this.drains.set(eventId, traceparent);
  }

  /** The `traceparent`s of the events of deliveries, by their ids; those in no trace are not there. Never throws. */
  async find(environmentId: string, deliveries: readonly ClaimedDelivery[]): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    const unknown: ClaimedDelivery[] = [];
    for (const delivery of deliveries) {
      const drain = this.drains.get(delivery.eventId);
      if (drain === undefined) unknown.push(delivery);
      else found.set(delivery.eventId, drain);
    }
    if (unknown.length === 0) return found;
    const requests = await findEventRequests(this.dataSource, environmentId, unknown).catch(() => []);
    for (const { eventId, requestId } of requests) {
      const { traceparent } = readTracedId(requestId);
      if (traceparent !== null) found.set(eventId, traceparent);
    }
    return found;
  }
}
