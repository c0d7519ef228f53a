import type { DirectoryItem } from '../../management/directories/directory.dto';
import type { TestApi } from '../../management/testing/start-api';

interface ServerEvent {
  type: string;
  data: { directory?: DirectoryItem };
}

/** A stream as a page reads it. */
export interface Listener {
  status: number;
  headers: Headers;
  events: ServerEvent[];
  /** Whether the server has ended it. */
  isOver: () => boolean;
  close: () => void;
}

/** Opens the portal's live stream of an organization. */
export const listen = ({ ingress }: TestApi, cookie: string, organizationId: string): Promise<Listener> =>
  openStream(`${ingress.baseUrl}/portal/api/live?organization=${organizationId}`, cookie);

/** Opens a stream as a page's EventSource does. */
export async function openStream(address: string, cookie: string): Promise<Listener> {
  const aborter = new AbortController();
  const answer = await fetch(address, {
    headers: { cookie, accept: 'text/event-stream', 'accept-encoding': 'gzip' },
    signal: aborter.signal,
  });
  const events: ServerEvent[] = [];
  let over = false;
  void collect(answer, events)
    .catch(() => undefined)
    .finally(() => (over = true));
  const { status, headers } = answer;
  return { status, headers, events, isOver: () => over, close: () => aborter.abort() };
}

async function collect(answer: Response, events: ServerEvent[]): Promise<void> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of answer.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    const frames = text.split('\n\n');
    text = frames.pop() ?? '';
    for (const frame of frames) {
      const [, type, data] = /^event: (\w+)\ndata: (.*)$/.exec(frame) ?? [];
      if (type && data) events.push({ type, data: JSON.parse(data) as ServerEvent['data'] });
    }
  }
}

/** A directory as a listener was told of it last. */
export const newestOf = ({ events }: Listener, { id }: Pick<DirectoryItem, 'id'>): DirectoryItem | undefined =>
  events.findLast(({ data }) => data.directory?.id === id)?.data.directory;

/** How often a listener was told of something. */
export const count = ({ events }: Listener, type: string): number =>
  events.filter((event) => event.type === type).length;
