import { LRUCache } from 'lru-cache';
import type { DataSource } from '@rollcall/database';
import { findEventRequests } from '@rollcall/pipeline-store';
import type { ClaimedDelivery } from '@rollcall/pipeline-store';
import { readTracedId } from '@rollcall/platform';
import type { Tracing } from '@rollcall/platform';

/** Events whose trace this process remembers. */
const REMEMBERED = 20_000;

/** Knows in which trace a delivery stands: that of the drain that this process made its event in, or else of the request that changed it. */
export class DeliveryTraces {
  /** False: in none. */
  private readonly traces = new LRUCache<string, string | false>({ max: REMEMBERED });

  constructor(
    readonly tracing: Tracing,
    private readonly dataSource: DataSource,
  ) {}

  /** Notes the `traceparent` of the drain that made an event; null: it was in no trace. */
  remember(eventId: string, traceparent: string | null): void {
    this.traces.set(eventId, traceparent ?? false);
  }

  /** The `traceparent`s of the events of deliveries, by their ids; those in no trace are not there. Never throws. */
  async find(environmentId: string, deliveries: readonly ClaimedDelivery[]): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    const unknown: ClaimedDelivery[] = [];
    for (const delivery of deliveries) {
      const trace = this.traces.get(delivery.eventId);
      if (trace === undefined) unknown.push(delivery);
      else if (trace !== false) found.set(delivery.eventId, trace);
    }
    if (unknown.length === 0) return found;
    const requests = await findEventRequests(this.dataSource, environmentId, unknown).catch(() => null);
    if (requests === null) return found;
    for (const { eventId } of unknown) this.remember(eventId, null);
    for (const { eventId, requestId } of requests) {
      const { traceparent } = readTracedId(requestId);
      this.remember(eventId, traceparent);
      if (traceparent !== null) found.set(eventId, traceparent);
    }
    return found;
  }
}
