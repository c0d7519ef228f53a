import type { Held } from '@rollcall/idp-simulator';
import type { DemoEvent } from './apply-event';
import type { ManagementApi } from './connect-management-api';
import { findDifferences, findGaps } from './find-differences';
import type { SampleApp } from './start-sample-app';

const POLL_MS = 250;
const TIMEOUT_MS = 60_000;

export interface Verdict {
  /** How many events the directory has. */
  events: number;
  /** One sentence for each thing that is not as it should be; empty when all arrived. */
  problems: string[];
}

/**
 * Waits until the sample app's copy equals what the identity provider holds and every event stored for the directory has arrived
 * by webhook: the same bytes, numbered from 1 without a gap, each with a good signature.
 */
export async function awaitArrival(
  api: ManagementApi,
  directoryId: string,
  app: SampleApp,
  held: Held,
): Promise<Verdict> {
  const deadline = Date.now() + TIMEOUT_MS;
  let quiet = 0;
  for (;;) {
    const before = app.received.size;
    const stored = await readEvents(api, directoryId);
    const problems = [
      ...findGaps(stored, app.received),
      ...findDifferences(held, app.state),
      ...app.refused.map((reason) => `refused ${reason}`),
    ];
    // Twice in a row, so that an event still on its way is not overlooked.
    quiet = problems.length === 0 && app.received.size === before ? quiet + 1 : 0;
    if (quiet === 2 || Date.now() > deadline) return { events: stored.length, problems };
    await new Promise((next) => {
      setTimeout(next, POLL_MS);
    });
  }
}

async function readEvents(
  api: ManagementApi,
  directoryId: string,
): Promise<{ id: string; sequence: number; body: string }[]> {
  const stored: { id: string; sequence: number; body: string }[] = [];
  let position = 'after_sequence=0';
  for (;;) {
    const path = `/events?directory_id=${directoryId}&page_size=1000&${position}`;
    const page = await api<{ events: DemoEvent[]; next_after: string; has_more: boolean }>('GET', path);
    // The API promises the webhook's bytes, which are compact JSON.
    stored.push(
      ...page.events.map((event) => ({ id: event.id, sequence: event.sequence, body: JSON.stringify(event) })),
    );
    if (!page.has_more) return stored;
    position = `after=${encodeURIComponent(page.next_after)}`;
  }
}
