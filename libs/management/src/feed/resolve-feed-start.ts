import type { EntityManager } from 'typeorm';
import { AppError } from '@rollcall/platform';
import { notFound, runStatement } from '@rollcall/database';

/** A place between two events of the feed. Numbers are decimal texts: they have 64 bits. */
export interface FeedPosition {
  transactionId: string;
  /** Bare id; '' = before every event of that transaction. */
  directoryId: string;
  sequence: string;
  /** The event just before this place, when there is one: while it is kept, everything after it is. */
  eventId: string | null;
  /** When the reader was given the place, ms since 1970. */
  time: string;
  /** Those that the place was given in. `epoch`: of the one directory that was read. A place from before there were epochs says neither. */
  feedEpoch?: number;
  epoch?: number | undefined;
}

/** Where a reader wants to begin; ids are bare, every kind is exclusive. */
export type FeedStart =
  | { kind: 'oldest' }
  | { kind: 'position'; position: FeedPosition }
  | { kind: 'event'; eventId: string }
  | { kind: 'sequence'; directoryId: string; sequence: string; epoch?: number | undefined };

/** Whose events there are; `only`: of one organization, by its bare id. */
export interface FeedReader {
  environmentId: string;
  only?: string;
}

/** What there is now, in which a start is looked for. */
export interface FeedStanding {
  feedEpoch: number;
  /** Of the one directory that is read; undefined when there are several. */
  directory: DirectoryStanding | undefined;
  /** Events older than this are not shown. */
  retentionSeconds: number;
}

export interface DirectoryStanding {
  id: string;
  epoch: number;
  /** The first number that is kept; one above the last when none is. */
  oldest: bigint;
  last: bigint;
}

/** A start that has been checked. `sequence`: the directory's numbers alone say what follows. */
export interface ResolvedStart {
  kind: 'position' | 'sequence';
  transactionId: string;
  directoryId: string;
  sequence: string;
}

/**
 * The id below which nothing is shown, as SQL: rows that are older than so many seconds may wait for their removal. A subselect, so
 * that it is worked out once for a statement.
 */
export function oldestKeptId(seconds: string): string {
  return `(SELECT ulid_floor(now() - make_interval(secs => ${seconds})))`;
}

/**
 * Checks that everything after `start` is still kept, that it was given in the present epoch, and returns it as a place in the feed.
 * Throws AppError `events_expired`, `events_ahead` (410), `event_not_found` (404).
 */
export async function resolveStart(
  manager: EntityManager,
  reader: FeedReader,
  start: FeedStart,
  standing: FeedStanding,
): Promise<ResolvedStart> {
  const { directory } = standing;
  switch (start.kind) {
    case 'oldest':
      return directory === undefined
        ? { kind: 'position', transactionId: '0', directoryId: '', sequence: '0' }
        : afterSequence(directory.id, String(directory.oldest - 1n));
    case 'sequence':
      refuseOtherSequence(standing, start);
      return afterSequence(start.directoryId, start.sequence);
    case 'event':
      return afterEvent(await findEvent(manager, { ...reader, eventId: start.eventId }, standing), directory?.id);
    case 'position':
      return afterPosition(manager, reader.environmentId, start.position, standing);
  }
}

/** 410: the reader is ahead of the server, or has events of another epoch; only a snapshot shows what it has to forget. */
function eventsAhead({ feedEpoch, directory }: FeedStanding): AppError {
  return new AppError({
    kind: 'gone',
    code: 'events_ahead',
    message: 'This position is not one of the server’s: it was restored since, or the number is too high.',
    details: { last_sequence: directory ? Number(directory.last) : null, epoch: directory?.epoch ?? feedEpoch },
  });
}

/** 410: events after the reader's position are gone; only a snapshot shows what they did. */
function eventsExpired(oldestSequence: bigint | null): AppError {
  return new AppError({
    kind: 'gone',
    code: 'events_expired',
    message: 'Events after this position are no longer kept.',
    details: { oldest_sequence: oldestSequence === null ? null : Number(oldestSequence) },
  });
}

function afterSequence(directoryId: string, sequence: string, transactionId = '0'): ResolvedStart {
  return { kind: 'sequence', transactionId, directoryId, sequence };
}

function refuseOtherSequence(
  standing: FeedStanding,
  { sequence, epoch }: { sequence: string; epoch?: number | undefined },
): void {
  const { directory } = standing;
  if (!directory) return;
  if ((epoch ?? directory.epoch) !== directory.epoch || BigInt(sequence) > directory.last) throw eventsAhead(standing);
  if (BigInt(sequence) + 1n < directory.oldest) throw eventsExpired(directory.oldest);
}

/** The numbers of a directory. One statement, so that a drain between two cannot mislead. */
export async function readDirectoryStanding(
  manager: EntityManager,
  directoryId: string,
  retentionSeconds: number,
): Promise<DirectoryStanding> {
  const { rows } = await runStatement<{ oldest: string | null; last_sequence: string; epoch: string }>(
    manager,
    `SELECT c.last_sequence, c.epoch,
       (SELECT e.sequence FROM events e WHERE e.directory_id = $1 AND e.id >= ${oldestKeptId('$2')} ORDER BY e.sequence LIMIT 1) AS oldest
     FROM directory_counters c WHERE c.directory_id = $1`,
    [directoryId, retentionSeconds],
  );
  const last = BigInt(rows[0]?.last_sequence ?? 0);
  return { id: directoryId, epoch: Number(rows[0]?.epoch ?? 1), oldest: BigInt(rows[0]?.oldest ?? last + 1n), last };
}

interface EventPlace {
  transaction_id: string;
  directory_id: string;
  sequence: string;
}

/**
 * An event that is not there was dropped if it is older than all that are, and may be one that a restore lost if it is from before
 * that; else it never was one of this environment.
 */
async function findEvent(
  manager: EntityManager,
  { environmentId, only, eventId }: FeedReader & { eventId: string },
  standing: FeedStanding,
): Promise<EventPlace> {
  const { directory, retentionSeconds } = standing;
  const { rows } = await runStatement<EventPlace>(
    manager,
    `SELECT transaction_id, directory_id, sequence FROM events
     WHERE environment_id = $1 AND id = $2 AND ($3::text IS NULL OR organization_id = $3) AND id >= ${oldestKeptId('$4')}`,
    [environmentId, eventId, only ?? null, retentionSeconds],
  );
  if (rows[0]) return rows[0];
  const missing = await runStatement<{ older: boolean; lost: boolean }>(
    manager,
    `SELECT $2::text < coalesce(
         (SELECT min(e.id) FROM events e WHERE e.environment_id = $1 AND e.id >= ${oldestKeptId('$3')}), 'z')
       AND EXISTS (SELECT 1 FROM directory_counters c WHERE c.environment_id = $1 AND c.last_sequence > 0) AS older,
       coalesce($2::text < (SELECT ulid_floor(i.restored_time) FROM installation i), false) AS lost`,
    [environmentId, eventId, retentionSeconds],
  );
  const [{ older, lost } = { older: false, lost: false }] = missing.rows;
  if (older) throw eventsExpired(directory?.oldest ?? null);
  throw lost ? eventsAhead(standing) : notFound('event');
}

function afterEvent(event: EventPlace, directoryId: string | undefined): ResolvedStart {
  const { transaction_id: transactionId, sequence } = event;
  return event.directory_id === directoryId
    ? afterSequence(directoryId, sequence, transactionId)
    : { kind: 'position', transactionId, directoryId: event.directory_id, sequence };
}

async function afterPosition(
  manager: EntityManager,
  environmentId: string,
  { eventId, time, feedEpoch, epoch, ...place }: FeedPosition,
  standing: FeedStanding,
): Promise<ResolvedStart> {
  const { directory, retentionSeconds } = standing;
  if (place.directoryId === directory?.id) {
    // Given over several directories it names no directory's epoch: that is the present one while the feed's is.
    const given = epoch ?? (feedEpoch === standing.feedEpoch ? directory.epoch : 1);
    refuseOtherSequence(standing, { sequence: place.sequence, epoch: given });
    return { kind: 'sequence', ...place };
  }
  if ((feedEpoch ?? 1) !== standing.feedEpoch) throw eventsAhead(standing);
  const { rows } = await runStatement<{ kept: boolean }>(
    manager,
    `SELECT CASE WHEN $3::text IS NULL
       THEN to_timestamp($4::double precision / 1000) > now() - make_interval(secs => $5)
       ELSE EXISTS (SELECT 1 FROM events e WHERE e.environment_id = $1 AND e.directory_id = $2 AND e.id = $3
         AND e.id >= ${oldestKeptId('$5')}) END AS kept`,
    [environmentId, place.directoryId, eventId, time, retentionSeconds],
  );
  if (rows[0]?.kept) return { kind: 'position', ...place };
  throw eventsExpired(directory?.oldest ?? null);
}
