import type { Ordering } from '@rollcall/contract';
import { waitUntil } from '@rollcall/testing';
import { Webhook } from 'standardwebhooks';
import { expect } from 'vitest';
import type { ReadyDirectory } from '../../support/create-directory';
import type { Round, RoundEndpoint } from './start-round';

/** An event as the Events API has it. */
export interface FeedEvent {
  readonly id: string;
  readonly type: string;
  readonly directory_id: string;
  readonly sequence: number;
  readonly data: { readonly id?: string; readonly group?: { readonly id: string } };
}

/** A delivery as the management API shows it. */
export interface Delivery {
  readonly id: string;
  readonly event_id: string;
  readonly state: string;
  readonly attempt: number;
  readonly next_attempt_time: string | null;
  readonly attempts: readonly {
    readonly attempt: number;
    readonly start_time: string;
    readonly status: number | null;
    readonly error: string | null;
    readonly response_body: string;
  }[];
}

/**
 * What holds after every fault: each change became its event, numbered without a gap; each event came to each endpoint at least
 * once, as the bytes that are stored and with a signature that verifies; no endpoint saw its order broken; nothing is left over.
 * @param expected how many events each directory has to have
 * @returns the deliveries of each endpoint, by its id
 */
export async function expectAllDelivered(
  { directories, endpoints }: Pick<Round, 'directories' | 'endpoints'>,
  expected: ReadonlyMap<string, number>,
): Promise<Map<string, Delivery[]>> {
  const events: FeedEvent[] = [];
  for (const directory of directories) {
    events.push(...(await expectNumbered(directory, expected.get(directory.directoryId) ?? 0)));
  }
  // Directories are there before the endpoints are.
  const due = new Map(
    events.filter(({ type }) => !type.endsWith('directory_created')).map((event) => [event.id, event]),
  );
  const deliveries = new Map<string, Delivery[]>();
  for (const endpoint of endpoints) {
    await everythingArrives(endpoint, due.size);
    await nothingIsPending(directories, endpoint);
    deliveries.set(endpoint.id, await readDeliveries(directories, endpoint));
    expectSucceeded(deliveries.get(endpoint.id) ?? [], due);
    expect(findBrokenPromises(endpoint, due), endpoint.ordering).toEqual([]);
  }
  return deliveries;
}

/** The events of a directory, once it has as many as it must, numbered from 1 without a gap. */
export async function expectNumbered(directory: ReadyDirectory, count: number): Promise<FeedEvent[]> {
  const events = await waitUntil(
    async () => {
      const found = await readFeed(directory);
      return found.length >= count ? found : null;
    },
    { what: `${count} events in the feed` },
  );
  expect(events.map(({ sequence }) => sequence)).toEqual(Array.from({ length: count }, (_, index) => index + 1));
  return events;
}

async function readFeed({ api, directoryId }: ReadyDirectory): Promise<FeedEvent[]> {
  const events: FeedEvent[] = [];
  for (let after = 'after_sequence=0'; ;) {
    const path = `/events?directory_id=${directoryId}&page_size=1000&${after}`;
    const page = await api<{ events: FeedEvent[]; next_after: string; has_more: boolean }>('GET', path);
    events.push(...page.events);
    if (!page.has_more) return events;
    after = `after=${encodeURIComponent(page.next_after)}`;
  }
}

interface DeliveryPage {
  readonly deliveries: Delivery[];
  readonly total_size: number;
  readonly next_page_token: string;
}

/** Costs nothing, unlike asking the server again and again. */
async function everythingArrives({ receiver, ordering }: RoundEndpoint, count: number): Promise<void> {
  const arrived = () => new Set(receiver.requests.map(({ headers }) => headers['webhook-id'])).size >= count;
  await waitUntil(arrived, { what: `every event at the ${ordering} endpoint` });
}

async function nothingIsPending(
  [directory]: readonly ReadyDirectory[],
  { id, ordering }: RoundEndpoint,
): Promise<void> {
  const path = `/webhook_endpoints/${id}/deliveries?state=pending&page_size=1`;
  const isDone = async () => (await directory?.api<DeliveryPage>('GET', path))?.total_size === 0;
  await waitUntil(isDone, { what: `the end of all deliveries to the ${ordering} endpoint` });
}

/** Every delivery to an endpoint, with its attempts. */
export async function readDeliveries(
  [directory]: readonly ReadyDirectory[],
  { id }: Pick<RoundEndpoint, 'id'>,
): Promise<Delivery[]> {
  const deliveries: Delivery[] = [];
  for (let token = ''; directory;) {
    const path = `/webhook_endpoints/${id}/deliveries?page_size=100&page_token=${encodeURIComponent(token)}`;
    const page = await directory.api<DeliveryPage>('GET', path);
    deliveries.push(...page.deliveries);
    token = page.next_page_token;
    if (token === '') break;
  }
  return deliveries;
}

function expectSucceeded(deliveries: readonly Delivery[], due: ReadonlyMap<string, FeedEvent>): void {
  const isThrough = ({ state, attempts }: Delivery) => state === 'succeeded' && attempts.at(-1)?.status === 200;
  expect(deliveries.filter((delivery) => !isThrough(delivery))).toEqual([]);
  expect(new Set(deliveries.map(({ event_id: id }) => id))).toEqual(new Set(due.keys()));
  expect(deliveries).toHaveLength(due.size);
}

/** What an endpoint received that it should not have, and what it should have received; empty when all is well. */
function findBrokenPromises(
  { secret, receiver, ordering }: RoundEndpoint,
  due: ReadonlyMap<string, FeedEvent>,
): string[] {
  const webhook = new Webhook(secret);
  const problems: string[] = [];
  const received = new Set<string>();
  const last = new Map<string, number>();
  for (const { headers, body } of receiver.requests) {
    const id = String(headers['webhook-id']);
    const event = due.get(id);
    if (!event || body !== JSON.stringify(event)) {
      problems.push(`${id} came with other bytes than the stored ones`);
      continue;
    }
    if (!isSigned(webhook, body, headers)) problems.push(`${id} came with a signature that does not verify`);
    const line = lineOf(ordering, event);
    if (event.sequence < (last.get(line) ?? 0))
      problems.push(`${event.sequence} came after ${last.get(line)} in ${line}`);
    if (line) last.set(line, event.sequence);
    received.add(id);
  }
  for (const id of due.keys()) if (!received.has(id)) problems.push(`${id} never came`);
  return problems;
}

/** In which line an event stands: who comes later in it is not sent before who comes earlier is through. Empty = in none. */
function lineOf(ordering: Ordering, { directory_id: directory, data }: FeedEvent): string {
  if (ordering === 'none') return '';
  return ordering === 'fifo' ? directory : (data.id ?? data.group?.id ?? '');
}

function isSigned(webhook: Webhook, body: string, headers: object): boolean {
  try {
    webhook.verify(body, headers as Record<string, string>);
    return true;
  } catch {
    return false;
  }
}
