import { Inject, Injectable } from '@nestjs/common';
import type { BeforeApplicationShutdown } from '@nestjs/common';
import { DataSource, InjectDataSource } from '@rollcall/database';
import { findDirectory, findOpenSessions, readLiveMarks } from '@rollcall/management';
import type { DirectoryView, LiveMarks, OrganizationScope, PortalSessionView } from '@rollcall/management';
import { AppError } from '@rollcall/platform';
import type { Clock, Logger } from '@rollcall/platform';
import { CLOCK, CONFIG, LOGGER } from '../../http/context.module';
import type { IngressConfig } from '../../http/context.module';
import { Places } from '../../http/places';
import { renderDirectory } from '../../management/directories/render-directory';
import { scopeOf } from '../portal-session.guard';
import { EventStream } from './event-stream';

const TICK_MS = 1_000;
/** Proxies and browsers take a stream for dead that is silent for long. */
const BEAT_EVERY_TICKS = 5;

/**
 * Streams that are open at a time, of the process, of one organization and of one session: each is a connection, and a browser has six
 * for all tabs of an origin over HTTP/1.1, of which some have to stay free for everything else.
 */
const OF_PROCESS = 500;
const OF_ORGANIZATION = 30;
const OF_SESSION = 3;
const RETRY_AFTER_SECONDS = 30;

/** One stream, and the session that it is for. */
interface Watcher {
  session: PortalSessionView;
  stream: EventStream;
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
 * Tells the portal's pages what changes while they are open. Once a second two statements ask for all organizations that are watched
 * in this process whether something changed; only a directory that did is read, once for all its watchers and one after the other. What
 * the clock changes costs no statement.
 */
@Injectable()
export class LiveHub implements BeforeApplicationShutdown {
  private readonly watched = new Map<string, Watched>();
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

  /** Begins a stream for a session. Throws AppError 429 when there are too many, 503 while the process ends. */
  watch(session: PortalSessionView): EventStream {
    if (this.isEnding) throw ending();
    const giveBack = this.takePlace(session);
    const watched = this.watchedOf(session);
    const watcher: Watcher = {
      session,
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

  private takePlace({ id, organization }: PortalSessionView): () => void {
    const ofOrganization = this.ofOrganization.take(organization.id);
    if (typeof ofOrganization !== 'function') throw tooMany();
    const ofSession = this.ofSession.take(id);
    if (typeof ofSession === 'function') {
      return () => {
        ofSession();
        ofOrganization();
      };
    }
    ofOrganization();
    throw tooMany();
  }

  private watchedOf(session: PortalSessionView): Watched {
    const scope = scopeOf(session);
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
    for (const { watchers } of this.watched.values()) for (const { stream } of watchers) stream.end();
  }

  private async tick(): Promise<void> {
    if (this.isTicking) return;
    this.isTicking = true;
    try {
      await this.endClosedSessions();
      await this.readChanged();
      for (const watched of this.watched.values()) this.sendChanged(watched);
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
    for (const { watchers } of this.watched.values()) for (const { stream } of watchers) stream.send(type, data);
  }

  private async endClosedSessions(): Promise<void> {
    const watchers = [...this.watched.values()].flatMap((watched) => [...watched.watchers]);
    const open = await findOpenSessions(
      this.dataSource,
      watchers.map(({ session: { environmentId, id } }) => ({ environmentId, id })),
    );
    for (const { session, stream } of watchers) {
      if (open.has(session.id)) continue;
      stream.send('session', '{}');
      stream.end();
    }
  }

  private async readChanged(): Promise<void> {
    const all = [...this.watched.values()];
    const marks = await readLiveMarks(
      this.dataSource,
      all.map(({ scope }) => scope),
    );
    for (const watched of all) {
      const next = marks.get(watched.scope.organizationId) ?? new Map<string, string>();
      await this.readDirectories(watched, next);
      const isKnown = watched.marks.size > 0;
      if (isKnown && watched.marks.get('') !== next.get('')) sendTo(watched, 'session', '{}');
      watched.marks = next;
    }
  }

  /** Reads the directories that changed, and those of an organization of which everything else may have. */
  private async readDirectories(watched: Watched, next: LiveMarks): Promise<void> {
    const isOther = watched.marks.get('') !== next.get('');
    for (const [directoryId, mark] of next) {
      if (directoryId === '' || (!isOther && watched.marks.get(directoryId) === mark)) continue;
      const view = await findDirectory(this.dataSource, { ...watched.scope, directoryId }).catch(ignoreMissing);
      if (view) watched.views.set(directoryId, view);
    }
    const gone = [...watched.views.keys()].filter((directoryId) => !next.has(directoryId));
    for (const directoryId of gone) {
      watched.views.delete(directoryId);
      watched.sent.delete(directoryId);
    }
    if (gone.length > 0) sendTo(watched, 'directories', '{}');
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

function sendTo({ watchers }: Watched, type: string, data: string): void {
  for (const { stream } of watchers) stream.send(type, data);
}

/** It was deleted between two statements. */
function ignoreMissing(error: unknown): null {
  if (error instanceof AppError && error.kind === 'not_found') return null;
  throw error;
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
