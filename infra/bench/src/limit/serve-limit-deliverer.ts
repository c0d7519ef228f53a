import { APP_ROLE, createPool } from '@rollcall/database';
import { publicId } from '@rollcall/platform';
import { signWebhook } from '@rollcall/webhooks';
import { openConnection } from '../load/open-connection';
import type { Connection } from '../load/open-connection';

/**
 * What the machine allows a deliverer: it claims what is due in batches, signs, posts over connections that stay open, and records
 * the attempts of a batch in one statement. Nothing is ordered, scheduled, limited, guarded or logged, and nothing may fail.
 */
const { DATABASE_URL = '', ENVIRONMENT_ID = '', SECRET = '' } = process.env;

const BATCH = 100;
/** Batches under way at a time, each of another endpoint, and the connections of each. */
const LANES = 4;
const CONNECTIONS = 16;

const pool = createPool({ url: DATABASE_URL, role: APP_ROLE, poolSize: LANES, onError: () => process.exit(1) });
pool.on('connect', (client) => {
  // One look-up each by an index, as Rollcall's functions plan it: a table that has just been filled has no statistics.
  void client.query(
    `SELECT set_config(name, value, false) FROM (VALUES ('rollcall.environment_id', $1), ('enable_seqscan', 'off'),
       ('enable_bitmapscan', 'off'), ('enable_hashjoin', 'off'), ('enable_mergejoin', 'off'), ('enable_sort', 'off'),
       ('plan_cache_mode', 'force_generic_plan')) AS s (name, value)`,
    [ENVIRONMENT_ID],
  );
});

interface Endpoint {
  id: string;
  url: string;
}

interface Claimed {
  directory_id: string;
  id: string;
  event_id: string;
  body: string;
}

process.on('message', ({ id, endpoints }: { id: number; endpoints: Endpoint[] }) => {
  deliverAll(endpoints).then(
    (result) => process.send?.({ id, result }),
    (error: Error) => process.send?.({ id, error: error.message }),
  );
});
process.on('SIGTERM', () => process.exit(0));
process.on('disconnect', () => process.exit(0));
process.send?.({ type: 'ready', port: 0 });

/** Delivers until nothing is due at any endpoint. Returns how many. */
async function deliverAll(endpoints: readonly Endpoint[]): Promise<number> {
  const waiting = [...endpoints];
  const delivered = await Promise.all(Array.from({ length: LANES }, () => runLane(waiting)));
  return delivered.reduce((sum, count) => sum + count, 0);
}

/** One batch after the other, of the endpoint that waited longest. */
async function runLane(waiting: Endpoint[]): Promise<number> {
  const port = Number(new URL(waiting[0]?.url ?? '').port);
  const connections = await Promise.all(Array.from({ length: CONNECTIONS }, () => openConnection('127.0.0.1', port)));
  let delivered = 0;
  for (let endpoint = waiting.shift(); endpoint; endpoint = waiting.shift()) {
    const claimed = await claim(endpoint);
    if (claimed.length === 0) continue;
    const startTimes = await postAll(connections, endpoint, claimed);
    await record(endpoint, claimed, startTimes);
    delivered += claimed.length;
    waiting.push(endpoint);
  }
  for (const connection of connections) connection.close();
  return delivered;
}

async function claim({ id }: Endpoint): Promise<Claimed[]> {
  const { rows } = await pool.query<Claimed>({
    name: 'claim',
    text: `WITH due AS (
        SELECT directory_id, id FROM deliveries WHERE environment_id = $1 AND endpoint_id = $2 AND state = 'pending'
          AND claimed_until IS NULL ORDER BY next_attempt_time, id LIMIT $3)
      UPDATE deliveries d SET claimed_until = now() + interval '1 minute' FROM due
      WHERE d.directory_id = due.directory_id AND d.id = due.id
      RETURNING d.directory_id, d.id, d.event_id,
        (SELECT e.body FROM events e WHERE e.directory_id = d.directory_id AND e.id = d.event_id) AS body`,
    values: [ENVIRONMENT_ID, id, BATCH],
  });
  return rows;
}

/** Posts them over all connections; when each went out. */
async function postAll(
  connections: readonly Connection[],
  { url }: Endpoint,
  claimed: readonly Claimed[],
): Promise<Date[]> {
  const startTimes: Date[] = [];
  let next = 0;
  const postInTurn = async (connection: Connection): Promise<void> => {
    for (let index = next++; index < claimed.length; index = next++) {
      const delivery = claimed[index];
      if (!delivery) continue;
      const timestamp = new Date();
      startTimes[index] = timestamp;
      const { status } = await connection.send(formatDelivery(url, delivery, timestamp));
      if (status !== 200) throw new Error(`a webhook was answered ${status}`);
    }
  };
  await Promise.all(connections.map(postInTurn));
  return startTimes;
}

function formatDelivery(url: string, { event_id: eventId, body }: Claimed, timestamp: Date): string {
  const { pathname, host } = new URL(url);
  const signed = signWebhook({ id: publicId('evt', eventId), timestamp, body, secrets: [SECRET] });
  const headers = { host, 'content-type': 'application/json', ...signed, 'content-length': Buffer.byteLength(body) };
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST ${pathname} HTTP/1.1\r\n${head.join('')}\r\n${body}`;
}

async function record({ id }: Endpoint, claimed: readonly Claimed[], startTimes: readonly Date[]): Promise<void> {
  await pool.query({
    name: 'record',
    text: `WITH attempts AS (
        INSERT INTO delivery_attempts (environment_id, endpoint_id, directory_id, delivery_id, attempt, start_time, status)
        SELECT $1, $2, r.directory_id, r.id, 1, r.start_time, 200
        FROM unnest($3::text[], $4::text[], $5::timestamptz[]) AS r (directory_id, id, start_time)
        RETURNING directory_id, delivery_id, start_time)
      UPDATE deliveries d SET state = 'succeeded', attempt = 1, claimed_until = NULL, first_attempt_time = a.start_time,
        finish_time = now(), last_status = 200
      FROM attempts a WHERE d.directory_id = a.directory_id AND d.id = a.delivery_id`,
    values: [
      ENVIRONMENT_ID,
      id,
      claimed.map((delivery) => delivery.directory_id),
      claimed.map((delivery) => delivery.id),
      startTimes,
    ],
  });
}
