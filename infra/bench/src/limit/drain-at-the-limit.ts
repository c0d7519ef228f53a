import type { Pool } from 'pg';

/**
 * What the machine allows a drain: each directory's changes become stored event text in one statement, which consumes them. Nothing
 * is compared with what was published, held back or sent to endpoints. Rows are seen as Rollcall sees them, by the tenant that is set.
 */
export async function drainAtTheLimit(pool: Pool, directoryIds: readonly string[], lanes: number): Promise<void> {
  const waiting = [...directoryIds];
  const runLane = async (): Promise<void> => {
    const client = await pool.connect();
    try {
      for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
        await client.query('BEGIN');
        await client.query({ name: 'enter', text: ENTER, values: [id] });
        await client.query({ name: 'drain', text: DRAIN, values: [id] });
        await client.query('COMMIT');
      }
    } finally {
      client.release();
    }
  };
  await Promise.all(Array.from({ length: lanes }, runLane));
}

const ENTER = `SELECT set_config('rollcall.directory_id', $1, true)`;

/** An event has the user under the names that Rollcall gives it, and as it was written. */
const DRAIN = `
  WITH consumed AS (DELETE FROM changes WHERE directory_id = $1 RETURNING id, resource_id, resource, occurred_at),
    numbered AS (SELECT c.*, row_number() OVER (ORDER BY c.id) AS sequence FROM consumed c)
  INSERT INTO events (directory_id, environment_id, organization_id, id, sequence, type, resource_id, occurred_at, body)
  SELECT $1, t.environment_id, t.organization_id, ulid_floor(now()) || lpad(n.sequence::text, 16, '0'), n.sequence,
    'organization.directory.user_created', n.resource_id, n.occurred_at, json_build_object(
      'spec_version', '1', 'id', 'evt_' || ulid_floor(now()) || lpad(n.sequence::text, 16, '0'),
      'type', 'organization.directory.user_created', 'object', 'directory_user', 'environment_id', 'env_' || t.environment_id,
      'organization_id', 'org_' || t.organization_id, 'directory_id', 'dir_' || $1, 'sequence', n.sequence,
      'occurred_at', n.occurred_at, 'data', json_build_object(
        'id', 'diruser_' || n.resource_id, 'organization_id', 'org_' || t.organization_id, 'directory_id', 'dir_' || $1,
        'dp_id', n.resource -> 'externalId', 'preferred_username', n.resource -> 'userName',
        'email', n.resource -> 'emails' -> 0 -> 'value', 'emails', n.resource -> 'emails', 'active', n.resource -> 'active',
        'name', n.resource -> 'displayName', 'given_name', n.resource -> 'name' -> 'givenName',
        'family_name', n.resource -> 'name' -> 'familyName', 'nickname', n.resource -> 'nickName',
        'phone_number', n.resource -> 'phoneNumbers' -> 0 -> 'value', 'address', n.resource -> 'addresses' -> 0,
        'title', n.resource -> 'title', 'user_type', n.resource -> 'userType', 'language', n.resource -> 'preferredLanguage',
        'locale', n.resource -> 'locale', 'raw_attributes', n.resource))::text
  FROM numbered n, (SELECT d.environment_id, d.organization_id FROM directory_counters d WHERE d.directory_id = $1) t`;
