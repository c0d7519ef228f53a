import type { ReadyDirectory } from './create-directory';

/** What tests compare of an event; `resourceId` is the public id of its user or group, or of its directory. */
export interface EventSummary {
  id: string;
  type: string;
  sequence: number;
  resourceId: string;
}

interface Envelope {
  id: string;
  type: string;
  sequence: number;
  data: { id?: string; group?: { id: string } };
}

/** Every event of a directory through the Events API, page by page, in the order in which it answers them. */
export async function readAllEvents({ api, directoryId }: ReadyDirectory): Promise<EventSummary[]> {
  const events: EventSummary[] = [];
  let after = 'after_sequence=0';
  for (;;) {
    const page = await api<{ events: Envelope[]; next_after: string; has_more: boolean }>(
      'GET',
      `/events?directory_id=${directoryId}&page_size=100&${after}`,
    );
    events.push(...page.events.map(summarize));
    if (!page.has_more) return events;
    after = `after=${encodeURIComponent(page.next_after)}`;
  }
}

function summarize({ id, type, sequence, data }: Envelope): EventSummary {
  return { id, type, sequence, resourceId: data.id ?? data.group?.id ?? '' };
}
