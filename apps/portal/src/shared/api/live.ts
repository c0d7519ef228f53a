import type { Directory } from '@rollcall/sdk';
import type { QueryClient, QueryKey } from '@tanstack/react-query';
import { readReachability, watchReachability } from './reachability';

/** The server says something every five seconds; who hears nothing for so long has lost it. */
const SILENCE_MS = 16_000;
/** Pauses before the next try, doubled with each failure. */
const PAUSE_MS = 5_000;
const PAUSE_MAX_MS = 60_000;
/** Lists of people are read anew no more often than this while they change. */
const LIST_PAUSE_MS = 3_000;

let isOpen = false;

/** Whether the server tells by itself what changes: then nothing has to be asked for again and again. */
export function isLive(): boolean {
  return isOpen;
}

/** Where an application's page is told of an organization, and where it keeps what it is told. */
export interface LiveSource<List = unknown> {
  address: string;
  /** What is read anew when the organization, or the session, is not what it was. */
  aboutKey: QueryKey;
  listKey: QueryKey;
  /** The list with a directory as it is now. */
  put: (list: List, directory: Directory) => List;
}

/** The stream of the portal's pages. */
export function portalLive(organizationId: string): LiveSource<Directory[]> {
  return {
    address: `/portal/api/live?organization=${encodeURIComponent(organizationId)}`,
    aboutKey: ['session'],
    listKey: ['directories'],
    put: putInto,
  };
}

/**
 * Keeps what the page shows of an organization as the server tells it, for as long as the page is seen. Where the stream fails, or the
 * server has no room for it, everything is asked for again and again as without it.
 * @returns what ends it
 */
export function watchLive<List>(client: QueryClient, live: LiveSource<List>): () => void {
  const watch = new LiveWatch(client, live);
  watch.begin();
  return () => watch.end();
}

class LiveWatch<List> {
  private source: EventSource | undefined;
  private silence: ReturnType<typeof setTimeout> | undefined;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;
  private endReachability: () => void = () => undefined;
  /** When the lists of each directory are read, and what was told when they were asked for. */
  private readonly lists = new Map<string, number>();
  private readonly people = new Map<string, string>();

  constructor(
    private readonly client: QueryClient,
    private readonly live: LiveSource<List>,
  ) {}

  begin(): void {
    document.addEventListener('visibilitychange', this.followVisibility);
    this.endReachability = watchReachability(() => readReachability() === 'answers' && this.tryAgain());
    this.followVisibility();
  }

  end(): void {
    document.removeEventListener('visibilitychange', this.followVisibility);
    this.endReachability();
    this.close();
  }

  /** A browser has few connections for all tabs of an origin: one that nobody sees takes none. */
  private readonly followVisibility = (): void => {
    if (document.hidden) this.close();
    else this.tryAgain();
  };

  private tryAgain(): void {
    if (this.source || document.hidden) return;
    clearTimeout(this.retry);
    this.open();
  }

  private open(): void {
    const source = new EventSource(this.live.address);
    this.source = source;
    source.addEventListener('beat', () => this.heard());
    source.addEventListener('directory', ({ data }: MessageEvent<string>) => {
      this.heard();
      void this.keep((JSON.parse(data) as { directory: Directory }).directory);
    });
    source.addEventListener('directories', () => void this.client.invalidateQueries());
    source.addEventListener('session', () => void this.client.invalidateQueries({ queryKey: this.live.aboutKey }));
    source.addEventListener('error', () => this.fail());
    this.awaitBeat();
  }

  private heard(): void {
    isOpen = true;
    this.failures = 0;
    this.awaitBeat();
  }

  private awaitBeat(): void {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.fail(), SILENCE_MS);
  }

  private close(): void {
    clearTimeout(this.silence);
    clearTimeout(this.retry);
    this.source?.close();
    this.source = undefined;
    isOpen = false;
  }

  private fail(): void {
    const wasOpen = isOpen;
    this.close();
    const pauseMs = Math.min(PAUSE_MS * 2 ** this.failures++, PAUSE_MAX_MS);
    this.retry = setTimeout(() => this.tryAgain(), pauseMs * (1 - Math.random() / 4));
    // What was not asked for meanwhile is asked for from now on.
    if (wasOpen) void this.client.refetchQueries({ type: 'active' }, { cancelRefetch: false });
  }

  /** What the server tells is newer than what an answer on its way would say. */
  private async keep(directory: Directory): Promise<void> {
    const key = ['directory', directory.id];
    await this.client.cancelQueries({ queryKey: key, exact: true });
    const before = this.client.getQueryData<Directory>(key);
    // Its state before the token that the page has just been given: shown, it would be spoken, and the next one too.
    if (before && newestSecret(directory) < newestSecret(before)) {
      return this.client.invalidateQueries({ queryKey: key, exact: true });
    }
    this.client.setQueryData(key, directory);
    await this.putIntoList(directory);
    // At first the page has just read it, with its lists; later it may have read the one without the other.
    const known = this.people.get(directory.id) ?? describePeople(before ?? directory);
    const people = describePeople(directory);
    this.people.set(directory.id, people);
    if (known !== people) this.readLists(directory.id);
  }

  /** A list that is on its way for the first time is asked for anew: nothing would bring it any more if it were only given up. */
  private async putIntoList(directory: Directory): Promise<void> {
    const list = { queryKey: this.live.listKey, exact: true };
    if (!this.client.getQueryData(list.queryKey)) return void this.client.invalidateQueries(list);
    await this.client.cancelQueries(list);
    this.client.setQueryData<List>(list.queryKey, (known) => known && this.live.put(known, directory));
  }

  /** At once, and once more later for all that changes until then. */
  private readLists(directoryId: string): void {
    const now = Date.now();
    const readAt = this.lists.get(directoryId) ?? 0;
    if (readAt > now) return;
    const waitMs = Math.max(0, readAt + LIST_PAUSE_MS - now);
    this.lists.set(directoryId, now + waitMs);
    setTimeout(() => {
      const predicate = ({ queryKey }: { queryKey: readonly unknown[] }) => queryKey.length > 2;
      void this.client.invalidateQueries({ queryKey: ['directory', directoryId], predicate });
    }, waitMs);
  }
}

/** The list with the directory in its place, or at its end. */
export function putInto(list: readonly Directory[], directory: Directory): Directory[] {
  const isKnown = list.some(({ id }) => id === directory.id);
  return isKnown ? list.map((other) => (other.id === directory.id ? directory : other)) : [...list, directory];
}

/** When the newest token of a directory was made; empty when it has none. */
function newestSecret({ secrets }: Directory): string {
  return secrets.reduce((newest, { create_time: time }) => (time > newest ? time : newest), '');
}

/** What changes whenever somebody in the directory does. */
function describePeople({ last_synced_at, total_users, total_groups }: Directory): string {
  return [last_synced_at, total_users, total_groups].join(' ');
}
