import type { EntityManager } from 'typeorm';
import { In } from 'typeorm';
import { refuseBeyondLimit } from '@rollcall/directory';
import { Directory, Replay, notFound, runStatement } from '@rollcall/database';
import type { AuditEntry, WebhookEndpoint } from '@rollcall/database';
import { publicId } from '@rollcall/platform';
import { countReplayed } from '@rollcall/pipeline-store';
import { endpointTarget } from '../audit/audit-target';
import { findChanges } from '../audit/find-changes';
import { recordChange } from '../audit/record-change';
import type { Writer } from '../audit/record-change';
import { readDirectoryStanding } from '../feed/resolve-feed-start';
import type { Waking } from '../wake/to-wake';
import { requireEndpoint } from '../webhooks/find-webhook-endpoint';
import type { EndpointScope } from '../webhooks/find-webhook-endpoint';
import { endpointDisabled } from '../webhooks/retry-delivery';

/** What to replay; ids are bare, bounds inclusive, null = no bound, no types = all that the endpoint gets. */
export interface NewReplay {
  id: string;
  directoryId: string | null;
  fromSequence: string | null;
  toSequence: string | null;
  fromTime: Date | null;
  toTime: Date | null;
  types: string[];
  /** Only events whose delivery to the endpoint has failed for good. */
  failedOnly: boolean;
}

export interface CreateReplayOptions {
  /** Count, and create nothing. */
  dryRun: boolean;
  /** Events older than this may have been dropped, seconds. */
  retentionSeconds: number;
}

/**
 * Starts a replay of what is committed now. Throws AppError `webhook_endpoint_not_found`, `webhook_endpoint_disabled`,
 * `directory_not_found`, `too_many_replays`.
 */
export async function createReplay(
  writer: Writer,
  scope: EndpointScope,
  request: NewReplay,
  { dryRun, retentionSeconds }: CreateReplayOptions,
): Promise<Waking<Replay>> {
  const { environmentId, endpointId } = scope;
  return recordChange(writer, { environmentId }, async (manager) => {
    const endpoint = await requireEndpoint(manager, scope, !dryRun);
    if (!endpoint.enabled) throw endpointDisabled();
    await requireDirectory(manager, environmentId, request.directoryId);
    if (!dryRun) await refuseTooMany(manager, scope);
    const replay = manager.create(Replay, {
      ...request,
      ...(await readPresent(manager)),
      ...(await readExpiry(manager, environmentId, request, retentionSeconds)),
      environmentId,
      endpointId,
      state: 'running',
      enqueued: '0',
    });
    replay.total = String(await countReplayed(manager, replay, endpoint));
    if (!dryRun) await manager.insert(Replay, replay);
    return {
      answer: { result: replay, wake: dryRun ? {} : { endpoints: [scope] } },
      entries: dryRun ? [] : [describe(endpoint, replay)],
    };
  });
}

function describe(endpoint: WebhookEndpoint, replay: Replay): AuditEntry {
  const asked = {
    replay_id: publicId('rpl', replay.id),
    directory_id: replay.directoryId && publicId('dir', replay.directoryId),
    from_sequence: replay.fromSequence,
    to_sequence: replay.toSequence,
    from_time: replay.fromTime?.toISOString(),
    to_time: replay.toTime?.toISOString(),
    types: replay.types.length > 0 ? replay.types : null,
    failed_only: replay.failedOnly,
    total: Number(replay.total),
  };
  return {
    action: 'webhook_endpoint.replayed',
    target: endpointTarget(endpoint),
    organizationId: null,
    changes: findChanges({}, asked),
  };
}

/** Also a deleted one: its events stay readable. */
async function requireDirectory(
  manager: EntityManager,
  environmentId: string,
  directoryId: string | null,
): Promise<void> {
  if (directoryId === null || (await manager.existsBy(Directory, { environmentId, id: directoryId }))) return;
  throw notFound('directory');
}

async function refuseTooMany(manager: EntityManager, { environmentId, endpointId }: EndpointScope): Promise<void> {
  const unfinished = { environmentId, endpointId, state: In(['running', 'paused']) };
  refuseBeyondLimit('replays', await manager.countBy(Replay, unfinished));
}

async function readPresent(manager: EntityManager): Promise<{ snapshot: string; createTime: Date }> {
  const { rows } = await runStatement<{ snapshot: string; now: Date }>(
    manager,
    'SELECT pg_current_snapshot()::text AS snapshot, clock_timestamp() AS now',
  );
  return { snapshot: rows[0]?.snapshot ?? '', createTime: rows[0]?.now ?? new Date() };
}

/** Whether the range began before what is kept. Of a directory that is known exactly, of an environment by the retention alone. */
async function readExpiry(
  manager: EntityManager,
  environmentId: string,
  { directoryId, fromSequence, fromTime }: NewReplay,
  retentionSeconds: number,
): Promise<Pick<Replay, 'oldestSequence' | 'eventsExpired'>> {
  if (directoryId === null) {
    const { rows } = await runStatement<{ expired: boolean }>(
      manager,
      `SELECT greatest(create_time, $2::timestamptz) < now() - make_interval(secs => $3) AS expired
       FROM environments WHERE id = $1`,
      [environmentId, fromTime, retentionSeconds],
    );
    return { oldestSequence: null, eventsExpired: rows[0]?.expired ?? false };
  }
  const { oldest } = await readDirectoryStanding(manager, directoryId, retentionSeconds);
  const { rows } = await runStatement<{ before: boolean }>(
    manager,
    `SELECT $3::timestamptz IS NULL OR $3 < (SELECT e.occurred_at FROM events e
       WHERE e.environment_id = $1 AND e.directory_id = $2 AND e.sequence = $4::bigint) AS before`,
    [environmentId, directoryId, fromTime, String(oldest)],
  );
  const eventsExpired = oldest > 1n && BigInt(fromSequence ?? 1) < oldest && (rows[0]?.before ?? true);
  return { oldestSequence: String(oldest), eventsExpired };
}
