import { Inject, Injectable } from '@nestjs/common';
import type { BeforeApplicationShutdown } from '@nestjs/common';
import { DataSource, InjectDataSource } from '@rollcall/database';
import { findDirectories, findOpenMemberSessions, findOpenSessions, readLiveMarks } from '@rollcall/management';
import type { DirectoryView, LiveMarks, OrganizationScope, WatchedSession } from '@rollcall/management';
import { AppError, publicId } from '@rollcall/platform';
import type { Clock, Logger } from '@rollcall/platform';
import { CLOCK, CONFIG, LOGGER } from '../../http/context.module';
import type { IngressConfig } from '../../http/context.module';
import { Places } from '../../http/places';
import { renderDirectory } from '../../management/directories/render-directory';
import { EventStream } from './event-stream';

const TICK_MS = 1_000;
/** Proxies and browsers take a stream for dead that is silent for long. */
const BEAT_EVERY_TICKS = 5;

/**
 * Streams that are open at a time, of the process, of one environment, of one organization and of one session or member: each is a connection, and a browser has six
 * for all tabs of an origin over HTTP/1.1, of which some have to stay free for everything else.
 */
const OF_PROCESS = 500;
const OF_ENVIRONMENT = 100;
const OF_ORGANIZATION = 30;
const OF_SESSION = 3;
const RETRY_AFTER_SECONDS = 30;
/** Directories of one environment that are read in one turn; the others are told of in the next ones. */
const READS_OF_ENVIRONMENT = 50;
/** Stands for the mark of a directory whose turn to be read has not come. */
const UNREAD = '';

/** Whoever has a page of an organization open: its admin in the portal, or a member of its environment in the dashboard. */
export interface LiveReader extends OrganizationScope {
  /** The session's bare id. */
  id: string;
  /** The member's bare id; null: a session of the portal. */
  memberId: string | null;
}

/** One stream, and whom it is for. */
interface Watcher {
  reader: LiveReader;
  stream: EventStream;
  /** Its session is over: it hears nothing any more but that. */
  isOver?: boolean;
}

/** An organization that somebody looks at: what was read of its directories, and what of that its watchers have. */
interface Watched {
  scope: OrganizationScope;
  watchers: Set<Watcher>;
  marks: LiveMarks;
  views: Map<string, DirectoryView>;
  sent: Map<string, string>;
}

/**
 * Tells pages of the portal and the dashboard what changes while they are open. Once a second two statements, three where members look,
 * ask for all organizations that are watched in this process whether something changed; only directories that did are read, once for all
 * their watchers and those of an organization together, and of each environment so many in a turn. What the clock changes costs no
 * statement.
 */
@Injectable()
export class LiveHub implements BeforeApplicationShutdown {
  private readonly watched = new Map<string, Watched>();
  private readonly ofEnvironment = new Places({ max: OF_PROCESS, perKey: OF_ENVIRONMENT });
  private readonly ofOrganization = new Places({ max: OF_PROCESS, perKey: OF_ORGANIZATION });
  private readonly ofSession = new Places({ max: OF_PROCESS, perKey: OF_SESSION });
  private timer: NodeJS.Timeout | undefined;
  private ticks = 0;
  private isTicking = false;
  private isEnding = false;

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(CONFIG) private readonly config: IngressConfig,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Begins a stream for a reader whose session is open. Throws AppError 429 when there are too many, 503 while the process ends. */
  watch(reader: LiveReader): EventStream {
    if (this.isEnding) throw ending();
    const giveBack = this.takePlace(reader);
    const watched = this.watchedOf(reader);
    const watcher: Watcher = {
      reader,
      stream: new EventStream(() => {
        giveBack();
        this.leave(watched, watcher);
      }),
    };
    watched.watchers.add(watcher);
    watcher.stream.send('beat', '{}');
    for (const text of watched.sent.values()) watcher.stream.send('directory', text);
    this.timer ??= setInterval(() => void this.tick(), TICK_MS).unref();
    return watcher.stream;
  }

  /** Ends all streams, so that the process can. */
  beforeApplicationShutdown(): void {
    this.isEnding = true;
    this.endAll();
  }

  private takePlace({ id, memberId, organizationId, environmentId }: LiveReader): () => void {
    const taken: (() => void)[] = [];
    const giveBack = () => taken.forEach((give) => give());
    const asked = [
      [this.ofEnvironment, environmentId],
      [this.ofOrganization, organizationId],
      [this.ofSession, memberId ?? id],
    ] as const;
    for (const [places, key] of asked) {
      const place = places.take(key);
      if (typeof place !== 'function') {
        giveBack();
        throw tooMany();
      }
      taken.push(place);
    }
    return giveBack;
  }

  private watchedOf({ environmentId, organizationId }: LiveReader): Watched {
    const scope = { environmentId, organizationId };
    const known = this.watched.get(scope.organizationId);
    const watched = known ?? { scope, watchers: new Set(), marks: new Map(), views: new Map(), sent: new Map() };
    this.watched.set(scope.organizationId, watched);
    return watched;
  }

  private leave(watched: Watched, watcher: Watcher): void {
    watched.watchers.delete(watcher);
    if (watched.watchers.size === 0) this.watched.delete(watched.scope.organizationId);
    if (this.watched.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private endAll(): void {
    for (const watched of this.watched.values()) endAllOf(watched);
  }

  private async tick(): Promise<void> {
    if (this.isTicking) return;
    this.isTicking = true;
    try {
      await this.endClosedSessions();
      await this.tellChanged();
      if (this.ticks++ % BEAT_EVERY_TICKS === 0) this.sendToAll('beat', '{}');
    } catch (error) {
      // Pages that hear nothing would take what they show for true: without a stream they ask, and learn that nobody answers.
      this.logger.warn({ err: error }, 'could not read what the portal shows');
      this.endAll();
    } finally {
      this.isTicking = false;
    }
  }

  private sendToAll(type: string, data: string): void {
    for (const watched of this.watched.values()) sendTo(watched, type, data);
  }

  /** Tells it a look later: who opens another link has the cookie of the new session by then, and learns which one is open now. */
  private async endClosedSessions(): Promise<void> {
    const watchers = [...this.watched.values()].flatMap((watched) => [...watched.watchers]);
    const readers = watchers.map(({ reader }) => reader);
    const members = readers.flatMap(({ memberId, ...reader }) => (memberId === null ? [] : { ...reader, memberId }));
    const inPortal = await findOpenSessions(
      this.dataSource,
      readers.filter(({ memberId }) => memberId === null),
    );
    const inDashboard = members.length > 0 ? await findOpenMemberSessions(this.dataSource, members) : [];
    for (const watcher of watchers) {
      const { reader, stream, isOver } = watcher;
      const isOpen =
        reader.memberId === null ? inPortal.has(reader.id) : inDashboard.some((session) => isSame(session, reader));
      if (isOpen) continue;
      watcher.isOver = true;
      if (!isOver) continue;
      stream.send('session', '{}');
      stream.end();
    }
  }

  private async tellChanged(): Promise<void> {
    // Each organization is the first now and then: what others change does not keep it from being read.
    const all = rotate([...this.watched.values()], this.ticks);
    const marks = await readLiveMarks(
      this.dataSource,
      all.map(({ scope }) => scope),
    );
    const readsLeft = new Map<string, number>();
    for (const watched of all) {
      const { environmentId, organizationId } = watched.scope;
      try {
        const left = readsLeft.get(environmentId) ?? READS_OF_ENVIRONMENT;
        const next = new Map(marks.get(organizationId));
        readsLeft.set(environmentId, left - (await this.readDirectories(watched, next, left)));
        const isKnown = watched.marks.size > 0;
        if (isKnown && watched.marks.get('') !== next.get('')) sendTo(watched, 'session', '{}');
        watched.marks = next;
        this.sendChanged(watched);
      } catch (error) {
        this.logger.warn(
          { err: error, organization_id: publicId('org', organizationId) },
          'could not read what the portal shows',
        );
        endAllOf(watched);
      }
    }
  }

  /**
   * Reads the directories that changed, and those of an organization of which everything else may have: so many at most, those first
   * that were left out before. Returns how many it read.
   */
  private async readDirectories(watched: Watched, next: Map<string, string>, max: number): Promise<number> {
    const isOther = watched.marks.get('') !== next.get('');
    const wasUnread = (directoryId: string) => watched.marks.get(directoryId) === UNREAD;
    const changed = [...next]
      .filter(([id, mark]) => id !== '' && (isOther || watched.marks.get(id) !== mark))
      .map(([id]) => id)
      .toSorted((a, b) => Number(wasUnread(b)) - Number(wasUnread(a)));
    const now = changed.slice(0, max);
    const views = now.length === 0 ? [] : await findDirectories(this.dataSource, watched.scope, now);
    for (const view of views) watched.views.set(view.directory.id, view);
    for (const directoryId of changed.slice(max)) next.set(directoryId, UNREAD);
    forgetGone(watched, next);
    return now.length;
  }

  /** What is different now, be it by the clock alone: a token that has expired, a provider that has been silent for too long. */
  private sendChanged(watched: Watched): void {
    const at = { publicUrl: this.config.publicUrl, now: this.clock() };
    for (const [directoryId, view] of watched.views) {
      const text = JSON.stringify({ directory: renderDirectory(view, at) });
      if (watched.sent.get(directoryId) === text) continue;
      watched.sent.set(directoryId, text);
      sendTo(watched, 'directory', text);
    }
  }
}

function isSame(a: WatchedSession, b: WatchedSession): boolean {
  return a.id === b.id && a.environmentId === b.environmentId;
}

/** The list from its item `by` on, and round. */
function rotate<Item>(items: readonly Item[], by: number): Item[] {
  const start = items.length === 0 ? 0 : by % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}

function forgetGone(watched: Watched, next: LiveMarks): void {
  // Also one that was gone before it could be read: a page may know it by itself.
  const gone = [...watched.marks.keys()].filter((directoryId) => !next.has(directoryId));
  for (const directoryId of gone) {
    watched.views.delete(directoryId);
    watched.sent.delete(directoryId);
  }
  if (gone.length > 0) sendTo(watched, 'directories', '{}');
}

function endAllOf({ watchers }: Watched): void {
  for (const { stream } of watchers) stream.end();
}

function sendTo({ watchers }: Watched, type: string, data: string): void {
  for (const { stream, isOver } of watchers) if (!isOver) stream.send(type, data);
}

function tooMany(): AppError {
  return new AppError({
    kind: 'rate_limited',
    code: 'rate_limited',
    message: 'Too many pages of this portal are open at a time. This one asks for what is new now and then.',
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}

function ending(): AppError {
  return new AppError({
    kind: 'unavailable',
    code: 'unavailable',
    message: 'The server is restarting. Try again in a few seconds.',
    retryAfterSeconds: 2,
  });
}
