import { setTimeout as sleep } from 'node:timers/promises';
import type { Held } from '@rollcall/idp-simulator';
import type { RollcallClient } from '@rollcall/sdk';
import { findDifferences, findGaps, type StoredEvent } from './find-differences';
import type { SampleApp } from './start-sample-app';

const POLL_MS = 250;
/** Nothing more comes when nothing has come for so long. */
const SILENCE_MS = 60_000;

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
  client: RollcallClient,
  directoryId: string,
  app: SampleApp,
  held: Held,
): Promise<Verdict> {
  let deadline = Date.now() + SILENCE_MS;
  let quiet = 0;
  for (;;) {
    const before = app.received.size;
    const stored = await readEvents(client, directoryId);
    const copy = { users: app.store.users(directoryId), groups: app.store.groups(directoryId) };
    const refused = app.refused.map((reason) => `a webhook was refused: ${reason}`);
    const problems = [...findGaps(stored, app.received), ...findDifferences(held, copy), ...refused];
    // Twice in a row, so that an event still on its way is not overlooked.
    quiet = problems.length === 0 && app.received.size === before ? quiet + 1 : 0;
    if (app.received.size !== before) deadline = Date.now() + SILENCE_MS;
    if (quiet === 2 || Date.now() > deadline) return { events: stored.length, problems };
    await sleep(POLL_MS);
  }
}

async function readEvents(client: RollcallClient, directoryId: string): Promise<StoredEvent[]> {
  const stored: StoredEvent[] = [];
  for await (const event of client.events.list({ directory_id: directoryId, after_sequence: 0, page_size: 1000 })) {
    // The API promises the webhook's bytes, which are compact JSON.
    stored.push({ id: event.id, sequence: event.sequence, body: JSON.stringify(event) });
  }
  return stored;
}
