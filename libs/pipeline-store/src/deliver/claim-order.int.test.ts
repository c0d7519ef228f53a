import * as fc from 'fast-check';
import { ORDERINGS } from '@rollcall/contract';
import type { Ordering } from '@rollcall/contract';
import { newId } from '@rollcall/platform';
import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { CLAIM_RULES, mustWait } from '@rollcall/webhooks';
import type { OrderedDelivery } from '@rollcall/webhooks';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDataSource, migrateDatabase, tenantTransaction } from '@rollcall/database';
import type { DataSource } from '@rollcall/database';
import { asOperator, deleteWebhookEndpoint } from '@rollcall/management';
import { buildDirectory, buildEndpoint } from '@rollcall/test-builders';
import { claimDeliveries } from './claim-deliveries';
import type { EndpointKey } from './endpoint-key';

let database: TestDatabase;
let app: DataSource;
let environmentId: string;

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  app = await createDataSource({ url: database.appUrl, poolSize: 2 }).initialize();
  ({ environmentId } = await buildDirectory(database.ownerUrl));
});

afterAll(async () => {
  await app.destroy();
  await database.drop();
});

/** Any moment does for the model; the database counts back from its own. */
const NOW = new Date('2026-11-21T10:00:00Z');
const ago = (ms: number | null) => (ms === null ? null : new Date(NOW.getTime() - ms));

interface Situation {
  ordering: Ordering;
  holdMs: number;
  /** Milliseconds since the endpoint was enabled again. */
  enabledMs: number | null;
  /** Few rows at the front are looked at: what is held up there is deferred, and directories get their turns. */
  narrow: boolean;
  limit: number;
  replay: 'running' | 'paused';
  pending: { directory: number; resource: number; numbered: boolean; replayed: boolean; attemptedMs: number | null }[];
}

/** On both sides of the hold's end, far enough from it for a slow machine. */
const around = (holdMs: number) => fc.constantFrom(null, 1_000, holdMs - 60_000, holdMs + 60_000, 10 * holdMs);

const situations: fc.Arbitrary<Situation> = fc.constantFrom(300_000, CLAIM_RULES.holdMs).chain((holdMs) =>
  fc.record({
    ordering: fc.constantFrom(...ORDERINGS),
    holdMs: fc.constant(holdMs),
    enabledMs: around(holdMs),
    narrow: fc.boolean(),
    limit: fc.constantFrom(1, 3, 50),
    replay: fc.constantFrom('running' as const, 'paused' as const),
    pending: fc.array(
      fc.record({
        directory: fc.integer({ min: 0, max: 1 }),
        resource: fc.integer({ min: 0, max: 2 }),
        numbered: fc.integer({ min: 0, max: 5 }).map((n) => n > 0),
        replayed: fc.integer({ min: 0, max: 3 }).map((n) => n === 0),
        attemptedMs: around(holdMs),
      }),
      { minLength: 1, maxLength: 12 },
    ),
  }),
);

interface Stored extends OrderedDelivery {
  id: string;
}

/** Stores the deliveries as pending and due, and the replay that some are of; answers with what the model sees of them. */
async function store({ pending, replay }: Situation): Promise<{ key: EndpointKey; deliveries: Stored[] }> {
  const key = await buildEndpoint(app, { environmentId });
  const replayId = newId();
  const directories = [newId(), newId()];
  const deliveries = pending.map((each, index) => ({
    id: newId(),
    directoryId: directories[each.directory] ?? '',
    resourceId: `user ${each.resource}`,
    sequence: each.numbered ? index + 1 : null,
    replayId: each.replayed ? replayId : null,
    firstAttemptTime: ago(each.attemptedMs),
  }));
  await tenantTransaction(app, { environmentId }, async (manager) => {
    const ids = [environmentId, key.endpointId];
    if (deliveries.some((each) => each.replayId !== null)) {
      await manager.query(
        `INSERT INTO replays (environment_id, endpoint_id, id, state, types, failed_only, snapshot, events_expired, total)
         VALUES ($1, $2, $3, $4, '{}', false, pg_current_snapshot(), false, 0)`,
        [...ids, replayId, replay],
      );
    }
    await manager.query(
      `INSERT INTO deliveries (environment_id, endpoint_id, directory_id, id, event_id, event_type, sequence, resource_id, state,
         next_attempt_time, body, replay_id, attempt, first_attempt_time)
       SELECT $1, $2, d.directory_id, d.id, d.id, 'organization.directory.user_updated', d.sequence, d.resource_id, 'pending', now(),
         '{}', d.replay_id, CASE WHEN d.attempted_ms IS NULL THEN 0 ELSE 1 END, now() - d.attempted_ms * interval '1 millisecond'
       FROM unnest($3::text[], $4::text[], $5::bigint[], $6::text[], $7::text[], $8::float8[])
         AS d (directory_id, id, sequence, resource_id, replay_id, attempted_ms)`,
      [
        ...ids,
        deliveries.map(({ directoryId }) => directoryId),
        deliveries.map(({ id }) => id),
        deliveries.map(({ sequence }) => sequence),
        deliveries.map(({ resourceId }) => resourceId),
        deliveries.map((each) => each.replayId),
        pending.map(({ attemptedMs }) => attemptedMs),
      ],
    );
  });
  return { key, deliveries };
}

/** What may go by the model. A paused replay sends nothing; the live events of a fifo endpoint wait for one that runs. */
function permitted({ ordering, holdMs, enabledMs, replay }: Situation, deliveries: readonly Stored[]): string[] {
  const moment = { ordering, holdMs, now: NOW, enabledTime: ago(enabledMs) };
  const isReplayed = deliveries.some(({ replayId }) => replayId !== null);
  return deliveries
    .filter((delivery) => {
      if (delivery.replayId !== null && replay === 'paused') return false;
      const isLive = delivery.replayId === null && delivery.sequence !== null;
      if (ordering === 'fifo' && isLive && isReplayed && replay === 'running') return false;
      return !mustWait(delivery, deliveries, moment);
    })
    .map(({ id }) => id);
}

async function claim(key: EndpointKey, { ordering, holdMs, enabledMs, narrow, limit }: Situation): Promise<string[]> {
  const claimed = await tenantTransaction(app, { environmentId }, async (manager) => {
    const [{ enabled_time: enabledTime }] = await manager.query<[{ enabled_time: Date | null }]>(
      `SELECT now() - $1::float8 * interval '1 millisecond' AS enabled_time`,
      [enabledMs],
    );
    const rules = { ...CLAIM_RULES, holdMs, ...(narrow && { window: 2, deferredAtOnce: 3 }) };
    return claimDeliveries(manager, key, { ordering, enabledTime, limit, of: 'events', afterDirectoryId: '', rules });
  });
  return claimed.map(({ id }) => id);
}

/** Between the shorter hold and the default one: only who asks for the shorter may have the later event. */
const SHORT_HOLD_OVER: Situation = {
  ordering: 'resource',
  holdMs: 300_000,
  enabledMs: null,
  narrow: false,
  limit: 50,
  replay: 'paused',
  pending: [360_000, null].map((attemptedMs) => ({
    directory: 0,
    resource: 0,
    numbered: true,
    replayed: false,
    attemptedMs,
  })),
};

it('leases what the ordering rule lets go, and nothing else', async () => {
  await fc.assert(
    fc.asyncProperty(situations, async (situation) => {
      const { key, deliveries } = await store(situation);
      const may = permitted(situation, deliveries);
      const claimed = await claim(key, situation);
      // An environment has a hundred endpoints at most.
      await deleteWebhookEndpoint(asOperator(app), key);
      expect(may).toEqual(expect.arrayContaining(claimed));
      if (situation.narrow) return;
      expect(claimed).toHaveLength(Math.min(situation.limit, may.length));
    }),
    { numRuns: 150, examples: [[SHORT_HOLD_OVER]] },
  );
});

it('leases for as long as the rule says', async () => {
  const { key } = await store({
    ordering: 'none',
    holdMs: 0,
    enabledMs: null,
    narrow: false,
    limit: 1,
    replay: 'paused',
    pending: [{ directory: 0, resource: 0, numbered: true, replayed: false, attemptedMs: null }],
  });
  await tenantTransaction(app, { environmentId }, async (manager) => {
    const rules = { ...CLAIM_RULES, leaseMs: 77_000 };
    const options = {
      ordering: 'none' as const,
      enabledTime: null,
      limit: 1,
      of: 'events' as const,
      afterDirectoryId: '',
    };
    await claimDeliveries(manager, key, { ...options, rules });
    const leases = await manager.query<{ ms: number }[]>(
      'SELECT extract(epoch FROM claimed_until - now())::float8 * 1000 AS ms FROM deliveries WHERE endpoint_id = $1',
      [key.endpointId],
    );
    expect(leases).toEqual([{ ms: 77_000 }]);
  });
});
