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
}

/** Where a reader wants to begin; ids are bare, every kind is exclusive. */
export type FeedStart =
  | { kind: 'oldest' }
  | { kind: 'position'; position: FeedPosition }
  | { kind: 'event'; eventId: string }
  | { kind: 'sequence'; directoryId: string; sequence: string };

/** Whose events there are; `only`: of one organization, by its bare id. */
export interface FeedReader {
  environmentId: string;
  only?: string;
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
 * Checks that everything after `start` is still kept and returns it as a place in the feed.
 * Throws AppError `events_expired` (410), `event_not_found` (404).
 */
export async function resolveStart(
  manager: EntityManager,
  reader: FeedReader,
  start: FeedStart,
  directoryId: string | undefined,
  retentionSeconds: number,
): Promise<ResolvedStart> {
  switch (start.kind) {
    case 'oldest':
      return directoryId === undefined
        ? { kind: 'position', transactionId: '0', directoryId: '', sequence: '0' }
        : afterSequence(directoryId, String((await readOldestSequence(manager, directoryId, retentionSeconds)) - 1n));
    case 'sequence':
      await refuseDroppedSequence(manager, start.directoryId, start.sequence, retentionSeconds);
      return afterSequence(start.directoryId, start.sequence);
    case 'event':
      return afterEvent(
        await findEvent(manager, { ...reader, eventId: start.eventId, directoryId }, retentionSeconds),
        directoryId,
      );
    case 'position':
      return afterPosition(manager, reader.environmentId, start.position, directoryId, retentionSeconds);
  }
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

async function refuseDroppedSequence(
  manager: EntityManager,
  directoryId: string,
  sequence: string,
  retentionSeconds: number,
): Promise<void> {
  const oldest = await readOldestSequence(manager, directoryId, retentionSeconds);
  if (BigInt(sequence) + 1n < oldest) throw eventsExpired(oldest);
}

/** The first number that is kept; one above the last when none is. One statement, so that a drain between two cannot mislead. */
export async function readOldestSequence(
  manager: EntityManager,
  directoryId: string,
  retentionSeconds: number,
): Promise<bigint> {
  const { rows } = await runStatement<{ oldest: string }>(
    manager,
    `SELECT coalesce(
       (SELECT e.sequence FROM events e WHERE e.directory_id = $1 AND e.id >= ${oldestKeptId('$2')} ORDER BY e.sequence LIMIT 1),
       (SELECT c.last_sequence FROM directory_counters c WHERE c.directory_id = $1) + 1, 1)::text AS oldest`,
    [directoryId, retentionSeconds],
  );
  return BigInt(rows[0]?.oldest ?? 1);
}

interface EventPlace {
  transaction_id: string;
  directory_id: string;
  sequence: string;
}

/** An event that is not there was dropped if it is older than all that are; else it never was one of this environment. */
async function findEvent(
  manager: EntityManager,
  { environmentId, only, eventId, directoryId }: FeedReader & { eventId: string; directoryId: string | undefined },
  retentionSeconds: number,
): Promise<EventPlace> {
  const { rows } = await runStatement<EventPlace>(
    manager,
    `SELECT transaction_id, directory_id, sequence FROM events
     WHERE environment_id = $1 AND id = $2 AND ($3::text IS NULL OR organization_id = $3) AND id >= ${oldestKeptId('$4')}`,
    [environmentId, eventId, only ?? null, retentionSeconds],
  );
  if (rows[0]) return rows[0];
  const kept = await runStatement<{ older: boolean }>(
    manager,
    `SELECT $2::text < coalesce(
         (SELECT min(e.id) FROM events e WHERE e.environment_id = $1 AND e.id >= ${oldestKeptId('$3')}), 'z')
       AND EXISTS (SELECT 1 FROM directory_counters c WHERE c.environment_id = $1 AND c.last_sequence > 0) AS older`,
    [environmentId, eventId, retentionSeconds],
  );
  if (!kept.rows[0]?.older) throw notFound('event');
  throw eventsExpired(
    directoryId === undefined ? null : await readOldestSequence(manager, directoryId, retentionSeconds),
  );
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
  { eventId, time, ...place }: FeedPosition,
  directoryId: string | undefined,
  retentionSeconds: number,
): Promise<ResolvedStart> {
  if (place.directoryId === directoryId) {
    await refuseDroppedSequence(manager, directoryId, place.sequence, retentionSeconds);
    return { kind: 'sequence', ...place };
  }
  const { rows } = await runStatement<{ kept: boolean }>(
    manager,
    `SELECT CASE WHEN $3::text IS NULL
       THEN to_timestamp($4::double precision / 1000) > now() - make_interval(secs => $5)
       ELSE EXISTS (SELECT 1 FROM events e WHERE e.environment_id = $1 AND e.directory_id = $2 AND e.id = $3
         AND e.id >= ${oldestKeptId('$5')}) END AS kept`,
    [environmentId, place.directoryId, eventId, time, retentionSeconds],
  );
  if (rows[0]?.kept) return { kind: 'position', ...place };
  throw eventsExpired(
    directoryId === undefined ? null : await readOldestSequence(manager, directoryId, retentionSeconds),
  );
}
